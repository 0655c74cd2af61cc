/* The review's frame: packs, their lines, their dates beside one another. */
#include "subsidy/policy/review/review.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "domain/calendar.h"
#include "domain/date.h"
#include "subsidy/policy/facts.h"

/* The line of the entry of `list` that has `value` under `name`. What the amended pack brought stands where the file
 * says that it amends. */
static size_t
line_of(struct source *source, const char *list, const char *name, const char *value)
{
    char place[160];
    const char *text;

    for (unsigned i = 0;; i++) {
        snprintf(place, sizeof(place), "%s.%u.%s", list, i, name);
        text = source_text(source, place);
        if (!text)
            return source_line(source, "amends");
        if (strcmp(text, value))
            continue;
        snprintf(place, sizeof(place), "%s.%u", list, i);
        return source_line(source, place);
    }
}

bool
review_inherited(const struct review *review, const char *list, size_t place)
{
    return amend_inherited(review->at->file, list, (uint32_t)place);
}

/* Begins a line about a rule or limit, at its place in the pack's list. */
static void
begin(struct review *review, bool note, const char *list, size_t place, const char *key)
{
    struct pack_file *file = review->at->file, *written;
    char whole[PACK_PLACE_MAX], at[PACK_PLACE_MAX];
    size_t line;

    snprintf(whole, sizeof(whole), "%s.%zu%s%s", list, place, *key ? "." : "", key);
    written = pack_file_where(file, whole, at);
    line = written == file ? source_line(&file->source, at) : source_line(&file->source, "amends");
    fprintf(review->out, "%s:%zu: %s", review->at->path, line, note ? "note: " : "");
    if (note)
        review->notes++;
    else
        review->findings++;
}

/* What is inherited says where it is written. */
static const char *
origin_of(struct review *review, const char *list, size_t place, char out[AMEND_ORIGIN])
{
    return review_inherited(review, list, place) ? amend_origin(review->at->file, list, (uint32_t)place, out) : "";
}

static void
about_rule(struct review *review, bool note, const Policy__Rule *rule, const char *key, const char *format,
           va_list args)
{
    char origin[AMEND_ORIGIN];
    size_t place = 0;

    while (review->at->pack->rules[place] != rule)
        place++;
    begin(review, note, "rules", place, key);
    fprintf(review->out, "rule %" PRIu32 " (%s), clause %s%s: ", rule->number,
            pack_item_name(review->at->pack, (int)rule->item), rule->clause, origin_of(review, "rules", place, origin));
    vfprintf(review->out, format, args);
    fprintf(review->out, "\n");
}

void
review_rule(struct review *review, const Policy__Rule *rule, const char *key, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    about_rule(review, false, rule, key, format, args);
    va_end(args);
}

void
review_rule_note(struct review *review, const Policy__Rule *rule, const char *key, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    about_rule(review, true, rule, key, format, args);
    va_end(args);
}

void
review_limit(struct review *review, const Policy__Limit *limit, const char *key, const char *format, ...)
{
    char origin[AMEND_ORIGIN];
    size_t place = 0;
    va_list args;

    while (review->at->pack->limits[place] != limit)
        place++;
    begin(review, review_inherited(review, "limits", place), "limits", place, key);
    fprintf(review->out, "limit %" PRIu32 ", %s%s%s: ", limit->number, *limit->clause ? "clause " : "our reading",
            limit->clause, origin_of(review, "limits", place, origin));
    va_start(args, format);
    vfprintf(review->out, format, args);
    va_end(args);
    fprintf(review->out, "\n");
}

void
review_part(struct review *review, bool note, const char *list, const char *key, const char *name, const char *format,
            ...)
{
    va_list args;
    struct source *source = &review->at->file->source;
    size_t line = *list ? line_of(source, list, key, name) : source_line(source, key);

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
    if (other->from_day > one->until_day)
        return;
    if (other->from_day == one->from_day)
        review_part(review, amends, "", "from", "",
                    "both %s and %s are in force from %s on, and the one adopted last decides: let one end before the "
                    "other begins",
                    one->id, other->id, date_format(other->from_day, from));
    else
        review_part(review, amends, "", "from", "",
                    "from %s on both %s (%s) and %s are in force, and %s decides, whose from is the later%s",
                    date_format(other->from_day, from), one->id, span(one, text), other->id, other->id,
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
        review_part(
            review, true, "", "until", "",
            "holidays and make-up days (调休) are known to %s: until the calendar has later years their working "
            "days are Monday to Friday",
            date_format(calendar_last_day(), text));
}

/* Cases and amending packs find a pack by its id, as the name of its file. */
static void
file_is_named(struct review *review)
{
    const char *slash = strrchr(review->at->path, '/'), *name = slash ? slash + 1 : review->at->path;
    const char *id = review->at->pack->id;

    if (strncmp(name, id, strlen(id)) || strcmp(name + strlen(id), ".yaml"))
        review_part(review, true, "", "pack", "",
                    "the file is not named %s.yaml: cases and packs that amend it will not find it", id);
}

/* What an amending pack took out by itself, or left without use. */
static void
losses(struct review *review)
{
    const struct pack_file *file = review->at->file;

    for (size_t i = 0; i < file->losses_count; i++)
        review_part(review, true, "", file->losses[i].key, "", "%s", file->losses[i].text);
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
    review_way(review);
    calendar_reaches(review);
    file_is_named(review);
    losses(review);
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
        one->file = pack_file_open(packs[i], one->fault, sizeof(one->fault));
        one->pack = one->file ? one->file->pack : NULL;
        if (one->file)
            whole.count++;
        else {
            fprintf(out, "%s\n", one->fault);
            whole.findings++;
        }
    }
    qsort(whole.packs, whole.count, sizeof(*whole.packs), by_first_day);
    for (size_t i = 0; i < whole.count; i++)
        review_pack(&whole, i);
    beside_one_another(&whole);
    if (standards && whole.count)
        review_standards(&whole, standards);
    for (size_t i = 0; i < whole.count; i++)
        pack_file_close(whole.packs[i].file);
    free(whole.packs);
    return whole.findings;
}
