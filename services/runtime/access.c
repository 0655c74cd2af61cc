/* Roles and scopes: a column of conditions, all of which say no where they are not met. */
#include "runtime/access.h"

const struct jn_role_name jn_role_names[] = {
    {"operator", ROLE_OPERATOR},
    {"auditor", ROLE_AUDITOR},
    {"administration", ROLE_ADMINISTRATION},
    {"employment_service", ROLE_EMPLOYMENT_SERVICE},
    {"appraisal", ROLE_APPRAISAL},
    {"attestor", ROLE_ATTESTOR},
    {"reviewer", ROLE_REVIEWER},
    {"finance", ROLE_FINANCE},
    {"inbox", ROLE_INBOX},
    {"service", ROLE_SERVICE},
    {"payer", ROLE_PAYER},
    {"certifier", ROLE_CERTIFIER},
};
const size_t jn_role_names_count = sizeof(jn_role_names) / sizeof(jn_role_names[0]);

bool
jn_may(const struct jn_agency *who, uint32_t roles)
{
    if (!who || who->revoked)
        return false;
    return roles == ROLE_ANYONE || (who->roles & roles) != 0;
}

/* 130100 holds 130102, and 130000 both: GB/T 2260 fills with zeros from the right. */
static bool
holds(uint32_t outer, uint32_t inner)
{
    if (outer % 10000 == 0)
        return inner / 10000 == outer / 10000;
    if (outer % 100 == 0)
        return inner / 100 == outer / 100;
    return inner == outer;
}

bool
jn_in_scope_division(const struct jn_agency *who, uint32_t division)
{
    if (!who || who->revoked)
        return false;
    for (uint32_t i = 0; i < who->divisions_count; i++)
        if (holds(who->divisions[i], division))
            return true;
    return who->divisions_count == 0;
}

bool
jn_in_scope_group(const struct jn_agency *who, uint32_t group)
{
    if (!who || who->revoked || group > 31)
        return false;
    return who->groups == 0 || (who->groups >> group & 1) != 0;
}

bool
jn_in_scope_all(const struct jn_agency *who)
{
    return who && !who->revoked && who->divisions_count == 0 && who->groups == 0;
}
