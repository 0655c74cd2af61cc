/* A pack being compiled: shared by the files that do it, nobody else's. */
#ifndef POLICY_COMPILE_H
#define POLICY_COMPILE_H

#include "domain/words.h"
#include "subsidy/policy/pack_yaml.h"

/* Where the compiler stands: the source for faults, and the place that the next fault is about. */
struct compiler {
    struct source *source;
    const struct yaml_pack *yaml;
    Policy__Pack *pack;
    char place[60];
};

/* Writes the fault at `key` of the place: value is not what is wanted. */
void compile_fault(struct compiler *c, const char *key, const char *value, const char *wanted);

/* Zeroed memory, of one thing at least. */
void *compile_fresh(size_t count, size_t size);

/* Every list of messages is made the same way: an array of pointers, each message initialised. */
#define MAKE(list, counter, number, Type, init)                                                                        \
    do {                                                                                                               \
        (list) = compile_fresh((number), sizeof(*(list)));                                                             \
        (counter) = (number);                                                                                          \
        for (size_t made_ = 0; made_ < (number); made_++) {                                                            \
            (list)[made_] = compile_fresh(1, sizeof(Type));                                                            \
            init((list)[made_]);                                                                                       \
        }                                                                                                              \
    } while (0)

/* Each reads one text: NULL is 0 or empty, what cannot be read is a fault. Figures in fen or hundredths of a percent.
 */
void compile_text(char **out, const char *value);
int compile_word(struct compiler *c, const char *key, const struct vocabulary *words, const char *value);
int64_t compile_number(struct compiler *c, const char *key, const char *value);
int64_t compile_figure(struct compiler *c, const char *key, const char *value);

void compile_rule(struct compiler *c, const struct yaml_rule *yaml, Policy__Rule *out);
void compile_way(struct compiler *c, const struct yaml_way *yaml, Policy__Pack *out);

#endif
