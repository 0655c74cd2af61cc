/* SM3 in lanes. */
#include "runtime/sm3.h"

#include <endian.h>
#include <string.h>

#define BLOCK  64
#define WORDS  16
#define ROUNDS 64

typedef uint32_t lanes __attribute__((vector_size(JN_SM3_LANES * sizeof(uint32_t))));

/* Macros: what takes such vectors by value has another calling convention on another processor. */
#define ROTATE(x, n)      ((x) << (n) | (x) >> (32 - (n)))
#define MIX(x)            ((x) ^ ROTATE(x, 9) ^ ROTATE(x, 17))
#define EXPAND(x)         ((x) ^ ROTATE(x, 15) ^ ROTATE(x, 23))
#define PARITY(x, y, z)   ((x) ^ (y) ^ (z))
#define MAJORITY(x, y, z) (((x) & (y)) | (((x) | (y)) & (z)))
#define CHOICE(x, y, z)   (((x) & (y)) | (~(x) & (z)))

static const uint32_t start[8] = {0x7380166f, 0x4914b2b9, 0x172442d7, 0xda8a0600,
                                  0xa96f30bc, 0x163138aa, 0xe38dee4d, 0xb0fb0e4e};

/* One round. The eight registers move on by one place: the next round names them so. */
#define ROUND(a, b, c, d, e, f, g, h, j, constant, FF, GG)                                                             \
    do {                                                                                                               \
        uint32_t turned = (constant) << ((j) % 32) | (uint32_t)((uint64_t)(constant) >> (32 - (j) % 32));              \
        lanes wide = ROTATE(a, 12), first = wide + (e) + turned, second;                                               \
                                                                                                                       \
        first = ROTATE(first, 7);                                                                                      \
        second = first ^ wide;                                                                                         \
        (d) += FF(a, b, c) + second + (w[j] ^ w[(j) + 4]);                                                             \
        (h) += GG(e, f, g) + first + w[j];                                                                             \
        (b) = ROTATE(b, 9);                                                                                            \
        (f) = ROTATE(f, 19);                                                                                           \
        (h) = MIX(h);                                                                                                  \
    } while (0)

#define FOUR(j, constant, FF, GG)                                                                                      \
    do {                                                                                                               \
        ROUND(a, b, c, d, e, f, g, h, (j), constant, FF, GG);                                                          \
        ROUND(d, a, b, c, h, e, f, g, (j) + 1, constant, FF, GG);                                                      \
        ROUND(c, d, a, b, g, h, e, f, (j) + 2, constant, FF, GG);                                                      \
        ROUND(b, c, d, a, f, g, h, e, (j) + 3, constant, FF, GG);                                                      \
    } while (0)

/* w: the block's words, and room for 52 that are made of them. */
static inline __attribute__((always_inline)) void
compress(lanes state[8], lanes w[ROUNDS + 4])
{
    lanes a = state[0], b = state[1], c = state[2], d = state[3];
    lanes e = state[4], f = state[5], g = state[6], h = state[7];

    for (unsigned j = WORDS; j < ROUNDS + 4; j++) {
        lanes mixed = w[j - 16] ^ w[j - 9] ^ ROTATE(w[j - 3], 15);

        w[j] = EXPAND(mixed) ^ ROTATE(w[j - 13], 7) ^ w[j - 6];
    }
    for (unsigned j = 0; j < WORDS; j += 4)
        FOUR(j, UINT32_C(0x79cc4519), PARITY, PARITY);
    for (unsigned j = WORDS; j < ROUNDS; j += 4)
        FOUR(j, UINT32_C(0x7a879d8a), MAJORITY, CHOICE);
    state[0] ^= a;
    state[1] ^= b;
    state[2] ^= c;
    state[3] ^= d;
    state[4] ^= e;
    state[5] ^= f;
    state[6] ^= g;
    state[7] ^= h;
}

static void
compress_anywhere(lanes state[8], lanes w[ROUNDS + 4])
{
    compress(state, w);
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) static void
compress_wide(lanes state[8], lanes w[ROUNDS + 4])
{
    compress(state, w);
}

bool
jn_sm3_wide(void)
{
    return __builtin_cpu_supports("avx2") != 0;
}
#else
#define compress_wide compress_anywhere

bool
jn_sm3_wide(void)
{
    return false;
}
#endif

/* ---- Texts ---- */

static size_t
length_of(const struct jn_sm3_text *text)
{
    return text->head_length + text->body_length;
}

/* With the bit behind the text and its length, which has eight bytes. */
static size_t
blocks_of(const struct jn_sm3_text *text)
{
    return (length_of(text) + 1 + sizeof(uint64_t) + BLOCK - 1) / BLOCK;
}

static void
block_at(const struct jn_sm3_text *text, size_t index, uint8_t out[BLOCK])
{
    size_t at = index * BLOCK, end = at + BLOCK, length = length_of(text), done = at;

    memset(out, 0, BLOCK);
    if (at < text->head_length) {
        done = text->head_length < end ? text->head_length : end;
        memcpy(out, text->head + at, done - at);
    }
    if (done < end && done < length)
        memcpy(out + (done - at), text->body + (done - text->head_length), (length < end ? length : end) - done);
    if (at <= length && length < end)
        out[length - at] = 0x80;
    if (index + 1 == blocks_of(text)) {
        uint64_t bits = htobe64((uint64_t)length * 8);

        memcpy(out + BLOCK - sizeof(bits), &bits, sizeof(bits));
    }
}

static void
store(const lanes state[8], size_t lane, struct jn_hash *out)
{
    for (size_t i = 0; i < 8; i++) {
        uint32_t word = htobe32(state[i][lane]);

        memcpy(out->bytes + i * sizeof(word), &word, sizeof(word));
    }
}

/* At most JN_SM3_LANES of them. Those that are shorter than the longest go on in vain. */
static void
group(const struct jn_sm3_text *texts, size_t count, struct jn_hash *out, bool wide)
{
    struct jn_hash done[JN_SM3_LANES];
    lanes state[8], w[ROUNDS + 4];
    size_t most = 0;

    memset(w, 0, WORDS * sizeof(w[0]));
    for (size_t i = 0; i < 8; i++)
        state[i] = (lanes){0} + start[i];
    for (size_t i = 0; i < count; i++)
        most = blocks_of(&texts[i]) > most ? blocks_of(&texts[i]) : most;
    for (size_t index = 0; index < most; index++) {
        for (size_t lane = 0; lane < count; lane++) {
            uint32_t words[WORDS];

            if (index >= blocks_of(&texts[lane]))
                continue;
            block_at(&texts[lane], index, (uint8_t *)words);
            for (size_t i = 0; i < WORDS; i++)
                w[i][lane] = be32toh(words[i]);
        }
        if (wide)
            compress_wide(state, w);
        else
            compress_anywhere(state, w);
        for (size_t lane = 0; lane < count; lane++) {
            if (index + 1 == blocks_of(&texts[lane]))
                store(state, lane, &done[lane]);
        }
    }
    memcpy(out, done, count * sizeof(*out));
}

void
jn_sm3_texts_with(bool wide, const struct jn_sm3_text *texts, size_t count, struct jn_hash *out)
{
    for (size_t i = 0; i < count; i += JN_SM3_LANES)
        group(texts + i, count - i < JN_SM3_LANES ? count - i : JN_SM3_LANES, out + i, wide);
}

void
jn_sm3_texts(const struct jn_sm3_text *texts, size_t count, struct jn_hash *out)
{
    jn_sm3_texts_with(jn_sm3_wide(), texts, count, out);
}
