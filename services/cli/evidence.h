/* Signed heads, proofs and extensions as files: read within bounds, written once, told in Chinese and English. */
#ifndef CLI_EVIDENCE_H
#define CLI_EVIDENCE_H

#include "cli/suite.h"
#include "runtime/proof.h"

#define EVIDENCE_ARENA ((size_t)64 << 20)

/* A file of that kind; NULL, having said why. It stays in the arena. */
const void *evidence_load(enum jn_evidence kind, const char *path, struct jn_arena *arena);
/* Of whichever kind: *kind says of which. */
const void *evidence_load_any(const char *path, enum jn_evidence *kind, struct jn_arena *arena);
bool evidence_key(const char *path, struct jn_sign_public *out);
/* False, having said why; a file that is there already is left as it is. */
bool evidence_save(enum jn_evidence kind, const void *message, const char *path, struct jn_arena *arena);

/* A signed head whose signature holds; else NULL, having said what does not fit. */
const Proof__Head *evidence_head(const char *path, const struct jn_sign_public *key, struct jn_arena *arena);

/* What does not fit, on standard error, in both languages; returns CLI_REFUSED. */
int evidence_misfit(const char *path, const struct jn_misfit *misfit);

/* ---- evidence_text.c ---- */
void evidence_print_head(const Proof__Head *head);
/* What the proof proves of a record, or, where claim is not 0, of that claim's row alone. False, having said why, where
 * the record holds no such claim. */
bool evidence_print_proven(const Proof__Proof *proof, const struct jn_proven *proven, uint64_t claim);
void evidence_print_hex(const char *en, const char *zh, const ProtobufCBinaryData *bytes);
void evidence_print_number(const char *en, const char *zh, uint64_t number);

#endif
