/* How people name a claim: by its number, or a claim or refusal as CLASS_NO/SEAT/ITEM. */
#ifndef CLI_CLAIM_NAME_H
#define CLI_CLAIM_NAME_H

#include <stdbool.h>
#include <stdint.h>

struct claim_name {
    uint64_t claim; /* 0: the three below */
    char *class_no;
    uint32_t seat;
    int item;         /* common.Item; 0 where it is called by a pack's own word, or by none */
    const char *word; /* as it was called */
};

/* "17", or "SJZ-001/3/free_training", which is cut into its parts. */
bool claim_name_read(char *text, struct claim_name *out);
/* An item of a pack's own, once the packs can be asked (items.h). CLI_OK, or what to exit with, having said why. */
int claim_name_item(struct claim_name *name);

#endif
