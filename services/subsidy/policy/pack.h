/* The policy pack (政策包): read from a file, checked, asked about standards. See deploy/policy/README.md. */
#ifndef POLICY_PACK_H
#define POLICY_PACK_H

#include <stdbool.h>
#include <stdint.h>

#include "domain/words.h"
#include "jineng/v1/policy.pb-c.h"

/* The largest pack: what evaluation and its trace are sized for. A pack past them is refused. */
#define PACK_RULES_MAX      48
#define PACK_LIMITS_MAX     32
#define PACK_CONDITIONS_MAX 16   /* a rule or an alternative; also alternatives, requirements and steps a rule */
#define PACK_LIST_MAX       64   /* implications, references, readings */
#define PACK_TEXT_MAX       1000 /* bytes of a reading */
#define PACK_NAME_MAX       60   /* bytes of a name, an id, a clause */
#define PACK_ROWS_MAX       4096 /* of a catalogue or a list of occupations */
#define PACK_LISTS_MAX      32
#define PACK_CATALOGUES_MAX 8
#define PACK_SHORTAGES_MAX  16
#define PACK_OWN_FIRST      19 /* numbers of items of a pack's own */
#define PACK_OWN_LAST       31
#define PACK_REASON_LAST    COMMON__REASON__OUTCOME_TOO_LATE

struct pack_fault {
    char text[400]; /* what is wrong and what it should be, with the clause where one is concerned */
    char path[80];  /* where in the pack: "rules.3.standard"; empty: the whole */
};

/* Room for a fault that lists a vocabulary. */
#define PACK_FAULT_MAX 2000

/* Reads and compiles a pack file; it has passed pack_check. NULL where it cannot be used: `fault` (of size bytes) then
 * says file, line and what to do. Freed with pack_free. */
Policy__Pack *pack_load(const char *path, char *fault, size_t size);
void pack_free(Policy__Pack *pack);

/* True where the pack can be evaluated. Pure: also for a pack that came over the wire from somebody. */
bool pack_check(const Policy__Pack *pack, struct pack_fault *fault);

/* The rule of an item; NULL where the pack has none. */
const Policy__Rule *pack_rule(const Policy__Pack *pack, int item);

/* The rule of an item that is in force on the day; where none is, the first. */
const Policy__Rule *pack_rule_on(const Policy__Pack *pack, int item, int32_t day);

/* An item's name in files, in English and in Chinese: the pack's own, else the suite's. */
const char *pack_item_name(const Policy__Pack *pack, int item);
const char *pack_item_zh(const Policy__Pack *pack, int item);
/* The item of the name; 0 where there is none. */
int pack_item_find(const Policy__Pack *pack, const char *name);

/* The most that may be paid ahead by a rule, hundredths of a percent: the rule's own, else the pack's. 2.10-f. */
uint32_t pack_advance_bp(const Policy__Pack *pack, uint32_t rule);

/* The facts that the rule asks for, a mask. */
uint64_t pack_rule_asks(const Policy__Rule *rule);

/* The facts from AGE on that the pack asks for: what its `asks` must be. */
uint64_t pack_asks(const Policy__Pack *pack);

/* Has a rule of the pack a window for what came of the training? */
bool pack_windowed(const Policy__Pack *pack);

/* The limit or the rule by its number; NULL where there is none. */
const Policy__Rule *pack_rule_numbered(const Policy__Pack *pack, uint32_t number);
const Policy__Limit *pack_limit_numbered(const Policy__Pack *pack, uint32_t number);

/* The constraint on an item's standard at a level (0 where it has none); NULL where no standard can be set there. */
const Policy__Constraint *pack_constraint(const Policy__Rule *rule, uint32_t level);

/* May a division set this standard? amount: fen, or hundredths of a percent where the item's standard is a rate; level
 * 0 where it has none. NULL where it may; else buf, which says why not, with the clause (2.10-d). */
const char *pack_standard_fault(const Policy__Pack *pack, int item, uint32_t level, int64_t amount, char *buf,
                                size_t size);

/* Likewise on a day, where rules of the item have dates of their own. */
const char *pack_standard_fault_on(const Policy__Pack *pack, int32_t day, int item, uint32_t level, int64_t amount,
                                   char *buf, size_t size);

/* The row of a table for a value of its fact, a mask or a number: of a graduated one the last that is reached. NULL
 * where none is. */
const Policy__Row *table_row(const Policy__Table *table, int64_t value);

/* Is the standard of the item a percentage? */
bool pack_standard_is_rate(const Policy__Pack *pack, int item);

/* Words of the way of a claim: steps, who does them, gates. */
extern const struct vocabulary words_way_steps, words_way_hands, words_gates;

/* "2.1-b", "3.4-c", "A-vet": the form alone. */
bool pack_clause_form(const char *clause);

#endif
