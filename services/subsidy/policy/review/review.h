/* The review of packs (政策包审查): what a pack that can be used says and cannot mean. Shared by the files that make
 * it; the command calls review(). */
#ifndef POLICY_REVIEW_H
#define POLICY_REVIEW_H

#include <stdio.h>

#include "subsidy/policy/pack.h"
#include "subsidy/policy/file/pack_file.h"

struct reviewed {
    const char *path;
    struct pack_file *file; /* for lines, and for what is inherited */
    Policy__Pack *pack;     /* the file's */
    char fault[PACK_FAULT_MAX];
};

struct review {
    struct reviewed *packs;
    size_t count;
    struct reviewed *at; /* the pack at hand */
    FILE *out;
    size_t findings, notes; /* faults of the pack; what is worth a look and may be meant so */
};

/* Reviews packs that belong together, and the standards that divisions have set (NULL: none are given). Writes a line a
 * finding, "FILE:LINE: rule 104 (skill_upgrade), clause 2.1-d: ..."; returns how many faults there are. */
size_t review(const char *const *packs, size_t count, const char *standards, FILE *out);

/* About a rule, a limit or a part of the pack: the line of `key` in it. What is inherited is told at `amends`, with
 * where it is written; an inherited limit that does nothing any more is a note. */
__attribute__((format(printf, 4, 5))) void review_rule(struct review *review, const Policy__Rule *rule, const char *key,
                                                       const char *format, ...);
__attribute__((format(printf, 4, 5))) void review_limit(struct review *review, const Policy__Limit *limit,
                                                        const char *key, const char *format, ...);
/* list, key and name: the entry of the list whose key is the name; list "": the pack itself. note: it may be meant so.
 */
__attribute__((format(printf, 6, 7))) void review_part(struct review *review, bool note, const char *list,
                                                       const char *key, const char *name, const char *format, ...);

/* Likewise a note. */
__attribute__((format(printf, 4, 5))) void review_rule_note(struct review *review, const Policy__Rule *rule,
                                                            const char *key, const char *format, ...);

/* Is the entry, by its place in a list of the pack, written in a file that is amended? */
bool review_inherited(const struct review *review, const char *list, size_t place);

void review_rules(struct review *review);
/* Amounts that one figure decides alone, and counts that nothing holds (review_amounts.c). */
void review_amounts(struct review *review, const Policy__Rule *rule);
void review_way(struct review *review);
void review_limits(struct review *review);
void review_words(struct review *review);
void review_standards(struct review *review, const char *path);

#endif
