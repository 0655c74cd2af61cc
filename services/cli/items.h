/* What an item is called (补贴项目名称): by the suite's own word; by the pack's for an item of a pack's own; "item 21",
 * 项目21, where no pack is at hand. */
#ifndef CLI_ITEMS_H
#define CLI_ITEMS_H

#include "cli/suite.h"
#include "jineng/v1/policy.pb-c.h"

/* Names of a pack's own items, kept until the program ends. */
void items_learn(Policy__OwnItem *const *items, size_t count);
/* Those of the packs that were adopted are asked of the subsidy service under that key when the first of them is named,
 * beside the suite's own connections: what others have answered stays good. Where it does not answer, or not this key,
 * items keep their numbers. */
void items_of(const struct suite *suite, const char *as);

const char *item_name(int item);
const char *item_zh(int item);
/* 0 where nothing is called so. */
int item_find(const char *text);

#endif
