/* The services' own programs, run to look into their folders: only they know the form of what lies there. What they
 * write goes to files; a crash of theirs is not ours. */
#ifndef CLI_PROGRAM_H
#define CLI_PROGRAM_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

#include "runtime/config.h"

#define PROGRAM_ARGUMENTS_MAX 8

struct program {
    const char *service;
    char out[JN_PATH_MAX + 96]; /* its standard output; standard error is beside it, .err */
    pid_t pid;                  /* 0 where it has ended */
    int status;                 /* as from waitpid */
    int64_t began_ms, took_ms;
};

/* Where this program itself lies: the others are beside it. */
const char *program_folder(void);

/* Starts BIN/jineng-SERVICE --config CONFIG ARGUMENT... (up to a NULL). It ends when we do. False with a sentence. */
bool program_start(struct program *program, const char *bin, const char *config, const char *const *arguments,
                   char error[JN_CONFIG_ERROR]);
/* Waits up to wait_ms (-1: as long as it takes); true when it has ended. False too after Ctrl-C, which ends it. */
bool program_wait(struct program *program, int64_t wait_ms);

/* Was Ctrl-C (or SIGTERM) heard? program_wait listens from program_listen on. */
void program_listen(void);
bool program_interrupted(void);

/* The next line of its standard output that begins with the word; what follows the word, without the line's end. NULL
 * where no more. */
const char *program_line(FILE *out, const char *word, char *line, size_t size);
/* "blocks=17" in a line of figures; 0 where it is not named. */
uint64_t program_figure(const char *line, const char *name);
/* How it ended, where that was not by itself with 0 or 1: a sentence, with the last words it wrote. NULL where it ended
 * well. */
const char *program_fault(const struct program *program, char text[JN_CONFIG_ERROR]);

int64_t program_now_ms(void);

#endif
