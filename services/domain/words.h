/* The trade's closed vocabularies: each word's number (common.proto), its name in files, its Chinese name. */
#ifndef DOMAIN_WORDS_H
#define DOMAIN_WORDS_H

#include <stdbool.h>
#include <stddef.h>

#include "jineng/v1/common.pb-c.h"

struct word {
    int number;       /* the enum's value in common.proto; never 0 */
    const char *name; /* as in files and packs: "rural_migrant" */
    const char *zh;   /* as in the departments' own sheets: "农村转移就业劳动者" */
};

struct vocabulary {
    const char *name; /* "group" */
    const struct word *words;
    size_t count;
};

extern const struct vocabulary words_groups, words_households, words_class_kinds, words_certificate_kinds,
    words_institution_kinds, words_items, words_funds, words_payees, words_departments, words_reasons, words_purposes;

/* The word by its English or Chinese name; NULL where there is none. An item of a pack's own, 19 to 31, is "item 21"
 * where its pack is not at hand; it is none of the vocabulary's list. */
const struct word *word_find(const struct vocabulary *vocabulary, const char *text);
/* Its name in files; "?" where the number is none of the vocabulary's. */
const char *word_name(const struct vocabulary *vocabulary, int number);
const char *word_zh(const struct vocabulary *vocabulary, int number);

/* The department that keeps a group's register (common.Department), whose word on it counts; annex of the plan, 2.12-d.
 * 0 where the group is none. */
int word_keeper(int group);

/* One thing said twice. */
struct bilingual {
    const char *en, *zh;
};

#endif
