/* SM3 (GB/T 32905) of many short texts at once, eight side by side in the processor's wide registers: a block's salts,
 * leaves and nodes are independent of each other, and each alone would take as long as eight together. */
#ifndef RUNTIME_SM3_H
#define RUNTIME_SM3_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "runtime/chain.h"

/* Head and body, one behind the other. */
#define JN_SM3_HEAD 40
struct jn_sm3_text {
    uint8_t head[JN_SM3_HEAD];
    size_t head_length;
    const uint8_t *body; /* may be NULL where there is none */
    size_t body_length;
};

/* Any text may reach into out: the eight of a group are read before their hashes are written, in the texts' order. */
void jn_sm3_texts(const struct jn_sm3_text *texts, size_t count, struct jn_hash *out);
/* The same on any processor of the kind, or, where jn_sm3_wide(), with what this one has beyond that. */
void jn_sm3_texts_with(bool wide, const struct jn_sm3_text *texts, size_t count, struct jn_hash *out);
bool jn_sm3_wide(void);

/* What a group is: texts are best handed over in multiples of it. */
#define JN_SM3_LANES 8

#endif
