/* Dice: a stream of numbers that follows from its seed alone (splitmix64). Each purpose has a stream of its own, so
 * that leaving out a command does not change how the network behaves. */
#ifndef SIMULATION_RNG_H
#define SIMULATION_RNG_H

#include <stdbool.h>
#include <stdint.h>

struct rng {
    uint64_t state;
};

static inline uint64_t
rng_next(struct rng *rng)
{
    uint64_t z = rng->state += UINT64_C(0x9e3779b97f4a7c15);

    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static inline struct rng
rng_of(uint64_t seed, uint64_t stream)
{
    struct rng rng = {seed * UINT64_C(0x2545f4914f6cdd1d) + stream};

    rng_next(&rng);
    return rng;
}

/* 0 to sides - 1; 0 where there are no sides. */
static inline uint64_t
rng_below(struct rng *rng, uint64_t sides)
{
    return sides ? (rng_next(rng) >> 11) % sides : 0;
}

static inline int64_t
rng_between(struct rng *rng, int64_t low, int64_t high)
{
    return low + (int64_t)rng_below(rng, (uint64_t)(high - low + 1));
}

static inline bool
rng_chance(struct rng *rng, uint64_t in_ten_thousand)
{
    return rng_below(rng, 10000) < in_ten_thousand;
}

#endif
