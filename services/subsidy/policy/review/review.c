/* The review's frame: packs, their lines, their dates beside one another. */
#include "subsidy/policy/review/review.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "domain/calendar.h"
#include "domain/date.h"
#include "subsidy/policy/facts.h"

/* The line of `key` in the entry of `list` that has `value` under `name`. What the amended pack brought stands where
 * the file says that it amends. */
static size_t
line_of(struct source *source, const char *list, const char *name, const char *value, const char *key)
{
    char place[160];
    const char *text;

    for (unsigned i = 0; *list; i++) {
        snprintf(place, sizeof(place), "%s.%u.%s", list, i, name);
        text = source_text(source, place);
        if (!text)
            return source_line(source, "amends");
        if (strcmp(text, value))
            continue;
        snprintf(place, sizeof(place), "%s.%u%s%s", list, i, *key ? "." : "", key);
        return source_line(source, place);
    }
    return source_line(source, key);
}

static void
line_of_number(struct review *review, const char *list, uint32_t number, const char *key)
{
    char text[16];

    snprintf(text, sizeof(text), "%" PRIu32, number);
    fprintf(review->out, "%s:%zu: ", review->at->path, line_of(&review->at->source, list, "rule", text, key));
}

void
review_rule(struct review *review, const Policy__Rule *rule, const char *key, const char *format, ...)
{
    va_list args;

    line_of_number(review, "rules", rule->number, key);
    fprintf(review->out, "rule %" PRIu32 " (%s), clause %s: ", rule->number,
            pack_item_name(review->at->pack, (int)rule->item), rule->clause);
    va_start(args, format);
    vfprintf(review->out, format, args);
    va_end(args);
    fprintf(review->out, "\n");
    review->findings++;
}

void
review_limit(struct review *review, const Policy__Limit *limit, const char *key, const char *format, ...)
{
    va_list args;

    line_of_number(review, "limits", limit->number, key);
    fprintf(review->out, "limit %" PRIu32 ", %s%s: ", limit->number, *limit->clause ? "clause " : "our reading",
            limit->clause);
    va_start(args, format);
    vfprintf(review->out, format, args);
    va_end(args);
    fprintf(review->out, "\n");
    review->findings++;
}

void
review_part(struct review *review, bool note, const char *list, const char *key, const char *name, const char *format,
            ...)
{
    va_list args;
    size_t line = *list ? line_of(&review->at->source, list, key, name, "") : source_line(&review->at->source, key);

    fprintf(review->out, "%s:%zu: %s", review->at->path, line, note ? "note: " : "");
    va_start(args, format);
    vfprintf(review->out, format, args);
    va_end(args);
    fprintf(review->out, "\n");
    if (note)
        review->notes++;
    else
        review->findings++;
}

/* ---- Packs beside one another ---- */

static int
by_first_day(const void *a, const void *b)
{
    const struct reviewed *one = a, *other = b;

    return (one->pack->from_day > other->pack->from_day) - (one->pack->from_day < other->pack->from_day);
}

static const char *
span(const Policy__Pack *pack, char buf[2 * DATE_TEXT + 8])
{
    char from[DATE_TEXT], until[DATE_TEXT];

    snprintf(buf, 2 * DATE_TEXT + 8, "%s to %s", date_format(pack->from_day, from),
             date_format(pack->until_day, until));
    return buf;
}

static void
dates_beside(struct review *review, const struct reviewed *before)
{
    const Policy__Pack *one = before->pack, *other = review->at->pack;
    char text[2 * DATE_TEXT + 8], from[DATE_TEXT], until[DATE_TEXT];
    bool amends = !strcmp(other->amends, one->id);

    if (other->from_day > one->until_day + 1)
        review_part(review, false, "", "from", "", "from %s to %s neither %s (%s) nor %s is in force: close the gap",
                    date_format(one->until_day + 1, from), date_format(other->from_day - 1, until), one->id,
                    span(one, text), other->id);
    if (other->from_day <= one->until_day)
        review_part(review, amends, "", "from", "",
                    "from %s on both %s (%s) and %s are in force, and the one adopted last decides%s",
                    date_format(other->from_day, from), one->id, span(one, text), other->id,
                    amends ? "" : ": let one end before the other begins");
}

/* Number and name of an item mean the same in all packs of a suite. */
static void
items_beside(struct review *review, const struct reviewed *before)
{
    for (size_t i = 0; i < review->at->pack->n_items; i++)
        for (size_t j = 0; j < before->pack->n_items; j++) {
            const Policy__OwnItem *one = before->pack->items[j], *other = review->at->pack->items[i];

            if ((one->number == other->number) == !strcmp(one->name, other->name))
                continue;
            review_part(review, false, "items", "item", other->name,
                        "item %s has number %" PRIu32 ", and %s has %s with %" PRIu32
                        ": a number means one item in all packs",
                        other->name, other->number, before->pack->id, one->name, one->number);
        }
}

static void
beside_one_another(struct review *review)
{
    for (size_t i = 1; i < review->count; i++) {
        const struct reviewed *last = NULL;

        review->at = &review->packs[i];
        for (size_t j = 0; j < i; j++) {
            const struct reviewed *before = &review->packs[j];

            items_beside(review, before);
            if (before->pack->division == review->at->pack->division &&
                (!last || before->pack->until_day >= last->pack->until_day))
                last = before;
        }
        if (last)
            dates_beside(review, last);
    }
}

/* Rules of one item leave no day between them by mistake. */
static void
dates_within(struct review *review)
{
    const Policy__Pack *pack = review->at->pack;

    for (size_t i = 0; i < pack->n_rules; i++) {
        const Policy__Rule *rule = pack->rules[i], *next = NULL;
        char from[DATE_TEXT], until[DATE_TEXT];

        for (size_t j = 0; rule->until_day && j < pack->n_rules; j++)
            if (pack->rules[j]->item == rule->item && pack->rules[j]->from_day > rule->until_day &&
                (!next || pack->rules[j]->from_day < next->from_day))
                next = pack->rules[j];
        if (next && next->from_day > rule->until_day + 1)
            review_rule(review, next, "from", "from %s to %s neither this rule nor rule %" PRIu32 " is in force",
                        date_format(rule->until_day + 1, from), date_format(next->from_day - 1, until), rule->number);
    }
}

/* Terms and notice are counted by a calendar that is made known a year at a time; a campaign may be planned further. */
static void
calendar_reaches(struct review *review)
{
    const Policy__Pack *pack = review->at->pack;
    char text[DATE_TEXT];

    if (pack->until_day > calendar_last_day())
        review_part(review, true, "", "until", "",
                    "holidays and make-up days (调休) are known to %s: until the calendar has later years their working "
                    "days are Monday to Friday",
                    date_format(calendar_last_day(), text));
}

static void
review_pack(struct review *review, size_t place)
{
    size_t before = review->findings;

    review->at = &review->packs[place];
    review_rules(review);
    review_limits(review);
    review_words(review);
    dates_within(review);
    calendar_reaches(review);
    if (review->findings == before)
        fprintf(review->out, "%s: %s is good: %zu items, %zu limits\n", review->at->path, review->at->pack->id,
                review->at->pack->n_rules, review->at->pack->n_limits);
}

size_t
review(const char *const *packs, size_t count, const char *standards, FILE *out)
{
    struct review whole = {.packs = calloc(count ? count : 1, sizeof(struct reviewed)), .out = out};

    if (!whole.packs)
        abort();
    for (size_t i = 0; i < count; i++) {
        struct reviewed *one = &whole.packs[whole.count];

        one->path = packs[i];
        one->pack = pack_load(packs[i], one->fault, sizeof(one->fault));
        if (one->pack && source_open(&one->source, packs[i], one->fault, sizeof(one->fault)))
            whole.count++;
        else {
            fprintf(out, "%s\n", one->fault);
            pack_free(one->pack);
            whole.findings++;
        }
    }
    qsort(whole.packs, whole.count, sizeof(*whole.packs), by_first_day);
    for (size_t i = 0; i < whole.count; i++)
        review_pack(&whole, i);
    beside_one_another(&whole);
    if (standards && whole.count)
        review_standards(&whole, standards);
    for (size_t i = 0; i < whole.count; i++) {
        pack_free(whole.packs[i].pack);
        source_close(&whole.packs[i].source);
    }
    free(whole.packs);
    return whole.findings;
}
