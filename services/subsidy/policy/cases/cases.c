/* Cases run against the pack they name: what was expected against what came. */
#include "subsidy/policy/cases/cases.h"

#include <stdlib.h>
#include <string.h>

#include "domain/money.h"
#include "subsidy/policy/cases/cases_yaml.h"
#include "subsidy/policy/trace/trace_print.h"

struct tally {
    size_t passed, failed;
    const char *only; /* the pack that each file must be about; NULL: whichever */
    FILE *out;
};

/* One case at work; too large for the stack of a careful program. */
struct bench {
    struct case_facts facts;
    struct evaluation expected, came;
    int64_t advance[EVALUATION_ITEMS]; /* expected, of the items for which the case says */
    bool advance_given[EVALUATION_ITEMS];
};

static bool
fault_in(struct case_file *file, uint32_t i, const char *key, const char *wanted)
{
    char place[80];

    snprintf(place, sizeof(place), "cases.%u%s%s", i, *key ? "." : "", key);
    return source_fault(&file->source, place, "case \"%s\": %s", file->yaml->cases[i].name, wanted);
}

/* What is asked back and what may be paid ahead: amounts that stand beside what is due. */
static bool
beside_read(struct case_file *file, uint32_t i, struct bench *bench)
{
    const struct yaml_case *one = &file->yaml->cases[i];

    for (int item = 1; item < EVALUATION_ITEMS; item++) {
        const char *recovered = one->recovered ? one->recovered->text[item] : NULL;
        const char *advance = one->advance ? one->advance->text[item] : NULL;

        if (recovered && !money_parse(recovered, &bench->expected.benefits[item].recover_fen))
            return fault_in(file, i, "recovered", "recovered is an amount in yuan, with up to two decimals");
        if (advance && !money_parse(advance, &bench->advance[item]))
            return fault_in(file, i, "advance", "advance is an amount in yuan, with up to two decimals");
        bench->advance_given[item] = advance != NULL;
    }
    return true;
}

static bool
expected_read(struct case_file *file, uint32_t i, struct evaluation *out)
{
    const struct yaml_case *one = &file->yaml->cases[i];

    for (int item = 1; item < EVALUATION_ITEMS; item++) {
        const char *due = one->due ? one->due->text[item] : NULL;
        const char *refused = one->refused ? one->refused->text[item] : NULL;
        const struct word *reason = refused ? word_find(&words_reasons, refused) : NULL;

        if (due && refused)
            return fault_in(file, i, "refused", "an item is both due and refused");
        if (due && !money_parse(due, &out->benefits[item].amount_fen))
            return fault_in(file, i, "due", "due is an amount in yuan, with up to two decimals");
        if (refused && !reason)
            return fault_in(file, i, "refused", "refused needs a reason that is known: jineng policy words reason");
        out->benefits[item].state = due ? BENEFIT_DUE : refused ? BENEFIT_REFUSED : BENEFIT_NONE;
        out->benefits[item].reason = (uint8_t)(reason ? reason->number : 0);
    }
    return true;
}

/* Reads all that the case says. A value that cannot be read makes the facts invalid where the case expects just that.
 */
static bool
case_read(struct case_file *file, uint32_t i, struct bench *bench, bool *invalid)
{
    const struct yaml_case *one = &file->yaml->cases[i];

    *invalid = false;
    if (one->invalid && strcmp(one->invalid, "true"))
        return fault_in(file, i, "invalid", "invalid is true, or left out");
    if (!one->invalid == !one->due || (one->invalid && one->refused))
        return fault_in(file, i, "", "needs either due (and refused), or invalid: true");
    for (uint32_t j = 0; j < one->clauses_count; j++)
        if (!pack_clause_form(one->clauses[j]))
            return fault_in(file, i, "clauses", "clauses are like 2.1-b");
    if (!case_facts_read(file, i, &bench->facts)) {
        if (!one->invalid)
            return false;
        file->source.failed = false;
        *invalid = true;
    }
    return case_figures_read(file, i, &bench->facts) && expected_read(file, i, &bench->expected) &&
           beside_read(file, i, bench);
}

static bool
same(const struct evaluation *a, const struct evaluation *b)
{
    for (int item = 1; item < EVALUATION_ITEMS; item++)
        if (a->benefits[item].state != b->benefits[item].state ||
            a->benefits[item].reason != b->benefits[item].reason ||
            a->benefits[item].amount_fen != b->benefits[item].amount_fen ||
            a->benefits[item].recover_fen != b->benefits[item].recover_fen)
            return false;
    return true;
}

/* The most that may be paid ahead of what is due. */
static int64_t
advance_of(const Policy__Pack *pack, const struct evaluation *came, int item)
{
    int64_t fen = 0;

    if (came->benefits[item].state == BENEFIT_DUE)
        money_rate(came->benefits[item].amount_fen, pack_advance_bp(pack, came->benefits[item].rule), &fen);
    return fen;
}

static bool
same_advances(const Policy__Pack *pack, const struct bench *bench)
{
    for (int item = 1; item < EVALUATION_ITEMS; item++)
        if (bench->advance_given[item] && bench->advance[item] != advance_of(pack, &bench->came, item))
            return false;
    return true;
}

static void
print_state(const Policy__Pack *pack, const struct evaluation *evaluation, enum benefit_state state, FILE *out)
{
    const char *separator = "";
    char money[MONEY_TEXT];

    fprintf(out, "{");
    for (int item = 1; item < EVALUATION_ITEMS; item++) {
        const struct benefit *benefit = &evaluation->benefits[item];

        if (benefit->state != state)
            continue;
        fprintf(out, "%s%s: %s", separator, pack_item_name(pack, item),
                state == BENEFIT_DUE ? money_format(benefit->amount_fen, money)
                                     : word_name(&words_reasons, benefit->reason));
        separator = ", ";
    }
    fprintf(out, "}");
}

static void
print_beside(const struct case_file *file, const struct bench *bench, bool expected, FILE *out)
{
    char money[MONEY_TEXT];

    for (int item = 1; item < EVALUATION_ITEMS; item++) {
        const struct evaluation *one = expected ? &bench->expected : &bench->came;

        if (one->benefits[item].recover_fen)
            fprintf(out, " recovered %s: %s", pack_item_name(file->pack, item),
                    money_format(one->benefits[item].recover_fen, money));
        if (bench->advance_given[item])
            fprintf(out, " advance %s: %s", pack_item_name(file->pack, item),
                    money_format(expected ? bench->advance[item] : advance_of(file->pack, &bench->came, item), money));
    }
}

static void
print_outcome(const Policy__Pack *pack, const struct evaluation *evaluation, bool invalid, FILE *out)
{
    if (invalid) {
        fprintf(out, "invalid facts%s%s", evaluation->fault ? ": " : "", evaluation->fault ? evaluation->fault : "");
        return;
    }
    fprintf(out, "due ");
    print_state(pack, evaluation, BENEFIT_DUE, out);
    fprintf(out, " refused ");
    print_state(pack, evaluation, BENEFIT_REFUSED, out);
}

static bool
evaluate_case(struct bench *bench, bool unreadable)
{
    if (unreadable) {
        bench->came.fault = "a value cannot be read";
        return false;
    }
    return evaluate(&bench->facts.view, &bench->facts.facts, &bench->came);
}

static void
run_case(struct case_file *file, uint32_t i, struct bench *bench, struct tally *tally)
{
    const struct yaml_case *one = &file->yaml->cases[i];
    char place[32];
    bool unreadable, valid;

    memset(bench, 0, sizeof(*bench));
    file->source.failed = false;
    if (!case_read(file, i, bench, &unreadable)) {
        fprintf(tally->out, "%s\n", file->fault);
        tally->failed++;
        return;
    }
    valid = evaluate_case(bench, unreadable);
    if (valid == !one->invalid &&
        (!valid || (same(&bench->expected, &bench->came) && same_advances(file->pack, bench)))) {
        tally->passed++;
        return;
    }
    tally->failed++;
    snprintf(place, sizeof(place), "cases.%u", i);
    fprintf(tally->out, "%s:%zu: failed: %s: expected ", file->source.path, source_line(&file->source, place),
            one->name);
    print_outcome(file->pack, &bench->expected, one->invalid, tally->out);
    print_beside(file, bench, true, tally->out);
    fprintf(tally->out, "; came ");
    print_outcome(file->pack, &bench->came, !valid, tally->out);
    if (valid)
        print_beside(file, bench, false, tally->out);
    fprintf(tally->out, "\n");
}

static void
run_file(const char *packs, const char *path, struct bench *bench, struct tally *tally)
{
    struct case_file file;
    bool open = case_file_open(&file, packs, path);

    if (open && tally->only && strcmp(file.pack->id, tally->only) != 0) {
        fprintf(tally->out, "%s: is about pack %s, not %s\n", path, file.pack->id, tally->only);
        tally->failed++;
    } else if (open) {
        for (uint32_t i = 0; i < file.yaml->count; i++)
            run_case(&file, i, bench, tally);
    } else {
        fprintf(tally->out, "%s\n", file.fault);
        tally->failed++;
    }
    case_file_close(&file);
}

struct cases_count
cases_count(const char *packs, const char *only, const char *const files[], size_t n, FILE *out)
{
    struct tally tally = {.out = out, .only = only};
    struct bench *bench = malloc(sizeof(*bench));

    if (!bench)
        abort();
    for (size_t i = 0; i < n; i++)
        run_file(packs, files[i], bench, &tally);
    free(bench);
    fprintf(out, "%zu passed, %zu failed\n", tally.passed, tally.failed);
    return (struct cases_count){tally.passed, tally.failed};
}

int
cases_run(const char *packs, const char *const files[], size_t n, FILE *out)
{
    return cases_count(packs, NULL, files, n, out).failed > 0;
}

static bool
explain_case(struct case_file *file, uint32_t i, struct bench *bench, enum trace_language language, FILE *out)
{
    bool unreadable;

    memset(bench, 0, sizeof(*bench));
    if (!case_read(file, i, bench, &unreadable)) {
        fprintf(out, "%s\n", file->fault);
        return false;
    }
    fprintf(out, "%s\n", file->yaml->cases[i].name);
    if (evaluate_case(bench, unreadable))
        trace_print(file->pack, &bench->facts.facts, &bench->came, 0, language, out);
    else
        fprintf(out, "invalid facts: %s\n", bench->came.fault);
    fprintf(out, "\n");
    return true;
}

int
cases_explain(const char *packs, const char *path, enum trace_language language, FILE *out)
{
    struct case_file file;
    struct bench *bench = malloc(sizeof(*bench));
    bool good;

    if (!bench)
        abort();
    good = case_file_open(&file, packs, path);
    if (!good)
        fprintf(out, "%s\n", file.fault);
    for (uint32_t i = 0; good && i < file.yaml->count; i++)
        good = explain_case(&file, i, bench, language, out);
    case_file_close(&file);
    free(bench);
    return !good;
}
