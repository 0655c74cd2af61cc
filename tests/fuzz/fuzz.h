/* What the fuzzers share: files that live in memory. */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FILE_NAME_MAX 80
#define FILE_PATH_MAX 512

/* libFuzzer's own. */
int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed);
size_t LLVMFuzzerCustomCrossOver(const uint8_t *a, size_t a_size, const uint8_t *b, size_t b_size, uint8_t *out,
                                 size_t out_size, unsigned seed);
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);

/* What is made under TMPDIR from now on lies in memory, where the machine has a place for that. */
void fuzz_use_memory(void);

/* The whole file, malloc'd; ends the process where it cannot be read. */
uint8_t *file_read(const char *path, size_t *size);
void file_write(const char *path, const void *bytes, size_t size);
/* The names in a folder, sorted; at most `most`. */
size_t folder_list(const char *path, char names[][FILE_NAME_MAX], size_t most);
/* A folder of one's own under TMPDIR. */
void folder_make(char path[FILE_PATH_MAX], const char *name);

#endif
