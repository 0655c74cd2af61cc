/* A pack being compiled: shared by the files that do it, nobody else's. */
#ifndef POLICY_COMPILE_H
#define POLICY_COMPILE_H

#include "domain/words.h"
#include "subsidy/policy/file/pack_file.h"
#include "subsidy/policy/file/pack_yaml.h"

/* A message more at the end of a list; the message. */
#define ADD(list, counter, Type, init)                                                                                 \
    ((list) = compile_grown((list), (counter)), (list)[(counter)] = compile_fresh(1, sizeof(Type)),                    \
     init((list)[(counter)]), (list)[(counter)++])

/* Where the compiler stands: the file for faults, the place that the next fault is in, and what it is about. */
struct compiler {
    struct pack_file *file;
    const struct yaml_pack *yaml; /* the whole */
    Policy__Pack *pack;
    char place[60];
    char about[120]; /* "rule 104 (skill_upgrade), clause 2.1-d: "; empty outside of rules and limits */
};

/* Writes the fault at `key` of the place: value is not what is wanted. */
void compile_fault(struct compiler *c, const char *key, const char *value, const char *wanted);

/* Zeroed memory, of one thing at least; a copy of a text. */
char *compile_copy(const char *text);
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

int32_t compile_day(struct compiler *c, const char *key, const char *value);
bool compile_truth(struct compiler *c, const char *key, const char *value);

/* "36 months"; false where it is no such text. */
bool compile_months(struct compiler *c, const char *text, uint32_t *months);

/* The list of pointers with room for one more. */
void *compile_grown(void *list, size_t count);

/* An item by its name, shared or the pack's own; 0, with the fault, where there is none. */
int compile_item(struct compiler *c, const char *key, const char *value);
Policy__Fact compile_fact(struct compiler *c, const char *key, const char *name);
/* The words of a fact; those that it does not have are faults. */
uint64_t compile_mask(struct compiler *c, const char *key, Policy__Fact fact, const struct yaml_list *list);
void compile_condition(struct compiler *c, const char *key, const struct yaml_condition *yaml, Policy__Condition *out);

/* The parts of a pack, each from its own keys (catalogue_compile.c, rule_compile.c, amount_compile.c, limit_compile.c).
 */
void compile_vocabulary(struct compiler *c);
void compile_rule(struct compiler *c, const struct yaml_rule *yaml, Policy__Rule *out);
void compile_way(struct compiler *c, const struct yaml_way *yaml, Policy__Pack *out);
void compile_amount(struct compiler *c, const struct yaml_rule *yaml, Policy__Rule *out);
void compile_limit(struct compiler *c, const struct yaml_limit *yaml, Policy__Limit *out);
/* The place of a reference figure in the pack's list, from 1; 0 where it is not one. */
uint32_t compile_reference(const struct compiler *c, const char *name);
extern const struct vocabulary words_units, words_limit_kinds;

/* Sets the place of the faults that follow. */
__attribute__((format(printf, 2, 3))) void compile_at(struct compiler *c, const char *format, ...);
/* Likewise of a rule or limit: what it is about is told before its faults. */
void compile_at_rule(struct compiler *c, uint32_t place);
void compile_at_limit(struct compiler *c, uint32_t place);

#endif
