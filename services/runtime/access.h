/* Who may do what: agencies (部门) known by their keys, with roles and a scope. Deny is the default. */
#ifndef RUNTIME_ACCESS_H
#define RUNTIME_ACCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define JN_KEY_BYTES        32
#define JN_AGENCY_NAME      48
#define JN_AGENCY_DIVISIONS 64

/* Roles; an agency may have several. The names in configurations are those of jn_role_names. */
enum jn_role {
    ROLE_OPERATOR = 1 << 0,           /* runs the suite: clock, settling days, status, statistics */
    ROLE_AUDITOR = 1 << 1,            /* reads everything but personal data, changes nothing; 2.12-c */
    ROLE_ADMINISTRATION = 1 << 2,     /* human resources: designation, projects, targets, packs, standards */
    ROLE_EMPLOYMENT_SERVICE = 1 << 3, /* human resources: classes, rosters, attendance, history */
    ROLE_APPRAISAL = 1 << 4,          /* skills appraisal: results, certificates, revocation */
    ROLE_ATTESTOR = 1 << 5,           /* answers for its own register; 2.12-d */
    ROLE_REVIEWER = 1 << 6,           /* holds and releases claims of its groups */
    ROLE_FINANCE = 1 << 7,            /* appropriations, bank results */
    ROLE_INBOX = 1 << 8,              /* reads its own inbox */
    ROLE_SERVICE = 1 << 9,            /* one of the suite's services: reads the public feeds of the others */
    ROLE_PAYER = 1 << 10,             /* the ledger: reads payees */
    ROLE_CERTIFIER = 1 << 11,         /* certification: reads what it must print */
};
#define ROLE_NONE   0u
#define ROLE_ANYONE 0xffffffffu

struct jn_role_name {
    const char *name;
    uint32_t role;
};
extern const struct jn_role_name jn_role_names[];
extern const size_t jn_role_names_count;

struct jn_agency {
    char name[JN_AGENCY_NAME]; /* "human_resources.administration", "veterans" */
    uint8_t key[JN_KEY_BYTES];
    uint32_t roles;      /* of enum jn_role */
    uint32_t department; /* common.Department; 0 for none */
    uint32_t groups;     /* bit n is common.Group n; 0 is all */
    uint32_t divisions[JN_AGENCY_DIVISIONS];
    uint32_t divisions_count; /* 0 is all */
    int64_t expires_ms;       /* 0 is never */
    bool revoked;
};

bool jn_may(const struct jn_agency *who, uint32_t roles);

/* What a caller names by its division or group is DENIED where it lies outside his scope, whether it is there or not.
 * What he names by a number of its own (a class, a claim, a batch) is then answered as what is not there, to the byte.
 */
bool jn_in_scope_division(const struct jn_agency *who, uint32_t division);
bool jn_in_scope_group(const struct jn_agency *who, uint32_t group);
/* Is its scope everything? */
bool jn_in_scope_all(const struct jn_agency *who);

#endif
