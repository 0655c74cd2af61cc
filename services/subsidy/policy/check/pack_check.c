/* Is a compiled pack one that can be evaluated? Pure, and written for a pack that somebody sent. */
#include "subsidy/policy/pack.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "domain/date.h"
#include "domain/money.h"
#include "domain/words.h"
#include "subsidy/policy/check/check.h"
#include "subsidy/policy/evaluate.h"
#include "subsidy/policy/facts.h"

bool
check_bad(struct check *check, const char *key, const char *format, ...)
{
    va_list args;
    int used = 0;

    if (check->rule)
        used = snprintf(check->fault->text, sizeof(check->fault->text),
                        "rule %" PRIu32 " (%s)%s%.60s: ", check->rule->number,
                        pack_item_name(check->pack, (int)check->rule->item), *check->rule->clause ? ", clause " : "",
                        check->rule->clause);
    if (check->limit)
        used =
            snprintf(check->fault->text, sizeof(check->fault->text), "limit %" PRIu32 "%s%.60s: ", check->limit->number,
                     *check->limit->clause    ? ", clause "
                     : *check->limit->reading ? ", our reading"
                                              : "",
                     check->limit->clause);
    va_start(args, format);
    vsnprintf(check->fault->text + used, sizeof(check->fault->text) - (size_t)used, format, args);
    va_end(args);
    snprintf(check->fault->path, sizeof(check->fault->path), "%s%s%s", check->path, *key && *check->path ? "." : "",
             key);
    return false;
}

bool
check_name(const char *text)
{
    return *text && strnlen(text, PACK_NAME_MAX + 1) <= PACK_NAME_MAX;
}

bool
pack_clause_form(const char *clause)
{
    const char *at = clause;

    if (strnlen(clause, PACK_NAME_MAX + 1) > 12)
        return false;
    if (*at == 'A')
        at++;
    else
        while (isdigit((unsigned char)*at) || (*at == '.' && at != clause && isdigit((unsigned char)at[1])))
            at++;
    if (at == clause)
        return false;
    if (*at == '-' && islower((unsigned char)at[1]))
        for (at++; islower((unsigned char)*at); at++)
            ;
    return !*at;
}

bool
check_text(struct check *check, const char *key, const char *text)
{
    if (strnlen(text, PACK_TEXT_MAX + 1) > PACK_TEXT_MAX)
        return check_bad(check, key, "%s is longer than %d bytes; shorten it", key, PACK_TEXT_MAX);
    return true;
}

bool
check_clause(struct check *check, const char *clause, bool may_be_empty)
{
    if (may_be_empty && !*clause)
        return true;
    if (!pack_clause_form(clause))
        return check_bad(check, "clause", "\"%.60s\" is no clause; cite one as in clauses.md, 2.1-b for one", clause);
    return true;
}

bool
check_number(struct check *check, uint32_t number, const void *self)
{
    const Policy__Rule *rule = pack_rule_numbered(check->pack, number);
    const Policy__Limit *limit = pack_limit_numbered(check->pack, number);

    if (number < 1 || number > 9999)
        return check_bad(check, "", "a rule or limit needs a number of 1 to 9999");
    if ((rule && rule != self) || (limit && limit != self))
        return check_bad(check, "", "number %" PRIu32 " is there twice; every rule and limit has its own", number);
    return true;
}

bool
check_dates(struct check *check, int32_t from_day, int32_t until_day)
{
    const Policy__Pack *pack = check->pack;

    if (from_day && until_day && until_day < from_day)
        return check_bad(check, "until", "ends before it begins");
    if ((from_day && (from_day < pack->from_day || from_day > pack->until_day)) ||
        (until_day && (until_day < pack->from_day || until_day > pack->until_day)))
        return check_bad(check, from_day ? "from" : "until",
                         "its dates lie outside of the pack's; leave out what is the pack's own");
    return true;
}

static bool
head_good(struct check *check)
{
    const Policy__Pack *pack = check->pack;
    struct date day;

    if (!check_name(pack->id) || strspn(pack->id, "abcdefghijklmnopqrstuvwxyz0123456789-") != strlen(pack->id))
        return check_bad(check, "pack", "a pack's id is 1 to %d of a-z, 0-9 and -", PACK_NAME_MAX);
    if (pack->from_day < 0 || pack->until_day > 84005)
        return check_bad(check, "from", "the validity must lie between 1970-01-01 and 2199-12-31");
    day = date_of(pack->until_day);
    if (pack->until_day < pack->from_day)
        return check_bad(check, "until", "the pack ends on %04d-%02d-%02d, before it begins", day.year, day.month,
                         day.day);
    if (pack->division < 100000 || pack->division > 999999)
        return check_bad(check, "division", "the division is six digits, 130100 for one");
    if (pack->notice_working_days < 1 || pack->notice_working_days > 250)
        return check_bad(check, "notice_working_days", "notice is 1 to 250 working days");
    if (pack->advance_bp > 10000)
        return check_bad(check, "advance_percent", "an advance is 0 to 100 percent");
    if (pack->write_off && (pack->write_off->most_fen < 0 || pack->write_off->most_fen > MONEY_FEN_MAX))
        return check_bad(check, "write_off_most", "what may be given up of a debt is 0 to ten trillion yuan");
    if (*pack->amends && (!check_name(pack->amends) || !strcmp(pack->amends, pack->id)))
        return check_bad(check, "amends", "a pack amends another, by its id");
    if (pack->asks != pack_asks(pack))
        return check_bad(check, "asks", "the pack does not say which facts it asks for; compile it again");
    return check_text(check, "title", pack->title) && check_text(check, "title_zh", pack->title_zh);
}

static bool
lists_good(struct check *check)
{
    const Policy__Pack *pack = check->pack;

    if (pack->n_implications > PACK_LIST_MAX || pack->n_references > PACK_LIST_MAX || pack->n_readings > PACK_LIST_MAX)
        return check_bad(check, "", "implications, references and readings are at most %d each", PACK_LIST_MAX);
    if (pack->n_rules < 1 || pack->n_rules > PACK_RULES_MAX || pack->n_limits > PACK_LIMITS_MAX)
        return check_bad(check, "rules", "a pack has 1 to %d rules and at most %d limits", PACK_RULES_MAX,
                         PACK_LIMITS_MAX);
    for (size_t i = 0; i < pack->n_implications; i++) {
        const Policy__Implication *one = pack->implications[i];

        if (one->group < 1 || one->group > COMMON__GROUP__FARMER || one->implies < 1 ||
            one->implies > COMMON__GROUP__FARMER)
            return check_bad(check, "implications", "an implication names an unknown group");
        if (!check_clause(check, one->clause, true))
            return false;
    }
    for (size_t i = 0; i < pack->n_references; i++)
        if (!check_name(pack->references[i]->name) || strnlen(pack->references[i]->zh, PACK_TEXT_MAX) >= PACK_TEXT_MAX)
            return check_bad(check, "references", "a reference figure needs a name of 1 to %d bytes", PACK_NAME_MAX);
    for (size_t i = 0; i < pack->n_readings; i++)
        if (!check_text(check, "readings", pack->readings[i]->about) ||
            !check_text(check, "readings", pack->readings[i]->text))
            return false;
    return true;
}

/* 2.11-b: a purpose, the funds that may pay it, and the clause that says so. */
static bool
grant_good(struct check *check, const Policy__GrantUse *grant)
{
    if (grant->purpose < COMMON__PURPOSE__TRAINING_BASE || grant->purpose > COMMON__PURPOSE__ORGANISER_REWARD)
        return check_bad(check, "purpose", "a grant needs its purpose (支持性支出用途)");
    if (grant->funds == 0 || grant->funds & ~(POLICY_BIT(COMMON__FUND__INDUSTRY + 1) - POLICY_BIT(1)))
        return check_bad(check, "funds", "a grant needs the funds that may pay it");
    for (const Policy__GrantUse *const *other = (const Policy__GrantUse *const *)check->pack->grants; *other != grant;
         other++)
        if ((*other)->purpose == grant->purpose)
            return check_bad(check, "purpose", "the purpose is listed twice; name all its funds in one line");
    return check_clause(check, grant->clause, true) && check_text(check, "reading", grant->reading);
}

/* The longest trace that the pack can cause must fit, so that evaluation need not look: per item a line for the fit,
 * two for what is asked back or not known, two for what came after a window, one a requirement, three a step (a default
 * that is itself a reference figure), one a limit. */
static bool
trace_fits(struct check *check)
{
    size_t lines = 0;

    check->rule = NULL;
    for (size_t i = 0; i < check->pack->n_rules; i++)
        lines += 3 + (check->pack->rules[i]->outcome_within_months ? 2u : 0u) + check->pack->rules[i]->n_requires +
                 3 * check->pack->rules[i]->n_amount;
    for (size_t i = 0; i < check->pack->n_limits; i++)
        lines += (size_t)__builtin_popcountll(check->pack->limits[i]->items);
    if (lines > EVALUATION_TRACE_MAX)
        return check_bad(check, "rules", "the pack's longest trace has %zu lines, more than %d; say it in fewer steps",
                         lines, EVALUATION_TRACE_MAX);
    return true;
}

bool
pack_check(const Policy__Pack *pack, struct pack_fault *fault)
{
    struct check check = {.pack = pack, .fault = fault};

    if (!head_good(&check) || !lists_good(&check) || !check_vocabulary(&check))
        return false;
    check.path[0] = '\0';
    for (size_t i = 0; i < pack->n_rules; i++) {
        check.rule = pack->rules[i];
        snprintf(check.path, sizeof(check.path), "rules.%zu", i);
        if (!check_rule(&check))
            return false;
    }
    check.rule = NULL;
    for (size_t i = 0; i < pack->n_limits; i++) {
        snprintf(check.path, sizeof(check.path), "limits.%zu", i);
        check.limit = pack->limits[i];
        if (!check_limit(&check, pack->limits[i]))
            return false;
    }
    check.limit = NULL;
    for (size_t i = 0; i < pack->n_grants; i++) {
        snprintf(check.path, sizeof(check.path), "grants.%zu", i);
        if (pack->n_grants > PACK_LIST_MAX || !grant_good(&check, pack->grants[i]))
            return false;
    }
    check.path[0] = '\0';
    return trace_fits(&check) && check_way(&check);
}
