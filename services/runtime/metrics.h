/* Counters and latency histograms, as `jineng stats` prints them. */
#ifndef RUNTIME_METRICS_H
#define RUNTIME_METRICS_H

#include <stddef.h>
#include <stdint.h>

/* Eight buckets an octave of microseconds: an eighth is the largest error; 1 us to over an hour. */
#define JN_BUCKETS 256

struct jn_histogram {
    uint64_t counts[JN_BUCKETS];
    uint64_t total, max_us;
};

struct jn_method_metrics {
    uint64_t accepted, refused;
    struct jn_histogram latency;
};

enum jn_counter_name {
    COUNTER_MESSAGES,    /* frames received */
    COUNTER_MALFORMED,   /* frames that could not be read */
    COUNTER_DENIED,      /* by key or role */
    COUNTER_BLOCKS,      /* written since the start */
    COUNTER_EVENTS,      /* in them */
    COUNTER_REPEATS,     /* commands answered before */
    COUNTER_DROPPED,     /* replies that nobody took */
    COUNTER_OVER_SHARE,  /* requests for which their key's tray had no room: lost, to be asked again */
    COUNTER_FEEDS,       /* feed requests answered */
    COUNTER_UPSTREAM,    /* upstream blocks read */
    COUNTER_HANDSHAKES,  /* connections let in */
    COUNTER_TURNED_AWAY, /* connections not let in */
    COUNTER_REPLAYED,    /* blocks replayed by the start */
    COUNTERS_COUNT
};
extern const char *const jn_counter_names[COUNTERS_COUNT];

void jn_observe(struct jn_histogram *histogram, uint64_t us);
/* The upper edge of the bucket in which the share (in thousandths) of the observations is reached; 0 where there are
 * none. */
uint64_t jn_quantile(const struct jn_histogram *histogram, unsigned permille);

#endif
