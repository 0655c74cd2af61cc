/* Counters and latency histograms. */
#include "runtime/metrics.h"

const char *const jn_counter_names[COUNTERS_COUNT] = {
    [COUNTER_MESSAGES] = "messages",
    [COUNTER_MALFORMED] = "malformed",
    [COUNTER_DENIED] = "denied",
    [COUNTER_BLOCKS] = "blocks",
    [COUNTER_EVENTS] = "events",
    [COUNTER_REPEATS] = "repeats",
    [COUNTER_DROPPED] = "replies_dropped",
    [COUNTER_OVER_SHARE] = "requests_over_share",
    [COUNTER_FEEDS] = "feeds_answered",
    [COUNTER_UPSTREAM] = "upstream_blocks",
    [COUNTER_HANDSHAKES] = "handshakes",
    [COUNTER_TURNED_AWAY] = "turned_away",
    [COUNTER_REPLAYED] = "blocks_replayed",
};

static unsigned
bucket_of(uint64_t us)
{
    unsigned octave, bucket;

    if (us < 8)
        return (unsigned)us;
    octave = 63 - (unsigned)__builtin_clzll(us);
    bucket = (octave - 2) * 8 + (unsigned)((us >> (octave - 3)) & 7);
    return bucket < JN_BUCKETS ? bucket : JN_BUCKETS - 1;
}

static uint64_t
edge_of(unsigned bucket)
{
    unsigned octave = bucket / 8 + 2;

    if (bucket < 8)
        return bucket;
    return ((UINT64_C(8) + bucket % 8 + 1) << (octave - 3)) - 1;
}

void
jn_observe(struct jn_histogram *histogram, uint64_t us)
{
    histogram->counts[bucket_of(us)]++;
    histogram->total++;
    if (us > histogram->max_us)
        histogram->max_us = us;
}

uint64_t
jn_quantile(const struct jn_histogram *histogram, unsigned permille)
{
    uint64_t seen = 0, wanted = (histogram->total * permille + 999) / 1000;

    for (unsigned i = 0; i < JN_BUCKETS && histogram->total > 0; i++) {
        seen += histogram->counts[i];
        if (seen >= wanted)
            return edge_of(i) < histogram->max_us ? edge_of(i) : histogram->max_us;
    }
    return histogram->max_us;
}
