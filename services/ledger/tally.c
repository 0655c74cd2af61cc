/* Sums by a key. A settlement has a few keys at most, and they come in runs: the search starts at the last one. */
#include "ledger/tally.h"

struct tally
tally_open(const struct jn_view *view, size_t size)
{
    return (struct tally){.rows = jn_take(view, size * sizeof(struct tally_row)), .size = size};
}

void
tally_add(struct tally *tally, uint64_t a, uint64_t b, uint64_t c, int64_t fen)
{
    size_t i = tally->count;

    while (i > 0) {
        struct tally_row *row = &tally->rows[i - 1];

        if (row->key[0] == a && row->key[1] == b && row->key[2] == c) {
            row->count++;
            row->fen += fen;
            return;
        }
        i--;
    }
    JN_ASSERT(tally->count < tally->size);
    tally->rows[tally->count++] = (struct tally_row){{a, b, c}, 1, fen};
}

void
tally_part(struct tally *tally, uint64_t a, uint64_t b, uint64_t c, int64_t fen)
{
    size_t i = 0;

    tally_add(tally, a, b, c, fen);
    while (tally->rows[i].key[0] != a || tally->rows[i].key[1] != b || tally->rows[i].key[2] != c)
        i++;
    tally->rows[i].count--;
}
