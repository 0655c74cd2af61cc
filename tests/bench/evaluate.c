/* What the policy costs: evaluations a second on one core, over mixed facts made from a seed, beside three items
 * written by hand.
 *
 *   bench-evaluate PACK COUNT [SEED]
 *
 * Every one of COUNT people and trainings is evaluated with a trace of each step and without one, which must give the
 * same benefits, and with each step told as a sentence. The hand-written loop decides skill_upgrade, technical_grant
 * and household_education of the plan of Shijiazhuang, history and all, and must give the pack's amounts: it is what a
 * program could do that knows one plan alone. Prints what is due and refused (the same for the same seed), then the
 * figures: of the processor's time. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "domain/date.h"
#include "runtime/code.h"
#include "subsidy/policy/evaluate.h"
#include "subsidy/policy/pack.h"
#include "subsidy/policy/trace/trace_print.h"

#define CHUNK      10000
#define HISTORY    4
#define DIVISIONS  23
#define REFERENCES 2

/* ---- Dice ---- */

static uint64_t dice;

static unsigned
roll(unsigned below)
{
    dice = dice * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (unsigned)(dice >> 33) % below;
}

static bool
one_in(unsigned count)
{
    return roll(count) == 0;
}

/* ---- Figures: every second division has standards of its own ---- */

struct figures {
    const Policy__Pack *pack;
    int64_t standards[DIVISIONS][POLICY_ITEMS][6];
    int64_t references[DIVISIONS][REFERENCES];
};

static unsigned
place_of(uint32_t division)
{
    return (division - 130100) % DIVISIONS;
}

static bool
standard(const void *context, int item, uint32_t level, uint32_t division, int32_t day, int64_t *amount)
{
    const struct figures *figures = context;

    (void)day;
    *amount = figures->standards[place_of(division)][item][level];
    return *amount != 0;
}

static bool
reference(const void *context, const char *name, uint32_t division, int32_t day, int64_t *amount)
{
    const struct figures *figures = context;

    (void)day;
    for (size_t i = 0; i < figures->pack->n_references && i < REFERENCES; i++) {
        if (strcmp(figures->pack->references[i]->name, name) != 0)
            continue;
        *amount = figures->references[place_of(division)][i];
        return *amount != 0;
    }
    return false;
}

static void
make_figures(struct figures *figures, const Policy__Pack *pack)
{
    figures->pack = pack;
    for (unsigned division = 0; division < DIVISIONS; division++) {
        for (int item = 1; item < POLICY_ITEMS; item++) {
            for (uint32_t level = 0; level < 6; level++) {
                int64_t amount = 1000 * (int64_t)(1 + roll(400));
                char why[400];

                if ((division % 2 == 0) && !pack_standard_fault(pack, item, level, amount, why, sizeof(why)))
                    figures->standards[division][item][level] = amount;
            }
        }
        for (size_t i = 0; i < REFERENCES; i++)
            figures->references[division][i] = division % 3 == 0 ? 10000 + 100 * (int64_t)roll(1000) : 0;
    }
}

/* ---- Facts ---- */

static void
make_line(struct paid_before *line, int32_t day)
{
    *line = (struct paid_before){.day = day - (int32_t)roll(1200),
                                 .item = (uint8_t)(1 + roll(COMMON__ITEM__ABSORPTION_BONUS)),
                                 .occupation = 61801 + roll(6),
                                 .level = (uint8_t)roll(6),
                                 .amount_fen = 100 * (int64_t)roll(5000),
                                 .advance = one_in(20)};
    line->months = line->item == COMMON__ITEM__WORK_AS_TRAINING_SUBSIDY ? (int16_t)(1 + roll(6)) : 0;
}

static void
make_certificate(struct facts *facts)
{
    if (one_in(4))
        return;
    facts->certificate = (uint8_t)(1 + roll(COMMON__CERTIFICATE_KIND__COMPLETION));
    facts->certificate_day = facts->day - (int32_t)roll(90);
    facts->certificate_number = 1 + roll(1000000);
    if (facts->certificate == COMMON__CERTIFICATE_KIND__QUALIFICATION ||
        facts->certificate == COMMON__CERTIFICATE_KIND__SKILL_LEVEL)
        facts->certificate_level = (uint8_t)(1 + roll(5));
}

static uint8_t
one_of(uint64_t mask)
{
    for (unsigned skip = roll((unsigned)__builtin_popcountll(mask)); skip > 0; skip--)
        mask &= mask - 1;
    return (uint8_t)__builtin_ctzll(mask);
}

/* Most people attend what was filed for people like them: groups and kind of training are those of one rule. */
static void
suit_a_rule(const Policy__Pack *pack, struct facts *facts)
{
    const Policy__Rule *rule = pack->rules[roll((unsigned)pack->n_rules)];

    for (size_t i = 0; i < rule->n_when; i++) {
        const Policy__Condition *one = rule->when[i];

        if (one->fact == POLICY__FACT__GROUPS && one->any_of)
            facts->groups |= POLICY_BIT(one_of(one->any_of));
        if (one->fact == POLICY__FACT__CLASS && one->any_of)
            facts->class_kind = one_of(one->any_of);
    }
}

static void
make_facts(const Policy__Pack *pack, struct facts *facts, struct paid_before *lines)
{
    static const uint8_t employers[] = {0, COMMON__INSTITUTION_KIND__ENTERPRISE, COMMON__INSTITUTION_KIND__ENTERPRISE,
                                        COMMON__INSTITUTION_KIND__COOPERATIVE};
    int32_t span = pack->until_day - pack->from_day + 1;

    *facts = (struct facts){.day = pack->from_day + (int32_t)roll((unsigned)span) - (one_in(50) ? span : 0),
                            .division = 130100 + roll(DIVISIONS),
                            .groups = POLICY_BIT(1 + roll(COMMON__GROUP__FARMER)),
                            .household = (uint8_t)(1 + roll(2)),
                            .living_allowance = one_in(3),
                            .insured_months = (int32_t)roll(40),
                            .employed_months = (int32_t)roll(24),
                            .employer = employers[roll(4)],
                            .class_kind = (uint8_t)(1 + roll(COMMON__CLASS_KIND__TECHNICAL_EDUCATION)),
                            .occupation = 61801 + roll(6),
                            .level = (uint8_t)(1 + roll(5)),
                            .cost_fen = 10000 + 100 * (int64_t)roll(5000),
                            .days = (int32_t)roll(60),
                            .months = (int32_t)roll(12),
                            .years = (int32_t)roll(4),
                            .project_based = one_in(2),
                            .enterprise_school = one_in(2)};
    if (one_in(3))
        facts->groups |= POLICY_BIT(1 + roll(COMMON__GROUP__FARMER));
    if (!one_in(4))
        suit_a_rule(pack, facts);
    facts->employer_insured = facts->employer && one_in(2);
    make_certificate(facts);
    facts->history_count = one_in(2) ? 0 : roll(HISTORY + 1);
    facts->history = lines;
    for (uint32_t i = 0; i < facts->history_count; i++)
        make_line(&lines[i], facts->day);
}

/* ---- By hand ---- */

#define BY_HAND 3
static const uint8_t by_hand[BY_HAND] = {COMMON__ITEM__SKILL_UPGRADE, COMMON__ITEM__TECHNICAL_GRANT,
                                         COMMON__ITEM__HOUSEHOLD_EDUCATION};

static int64_t
upgrade(const struct facts *facts)
{
    static const int64_t amounts[6] = {0, 0, 0, 200000, 150000, 100000};
    int64_t amount = amounts[facts->certificate_level];

    if (!(facts->groups & POLICY_BIT(COMMON__GROUP__ENTERPRISE_EMPLOYEE)) || amount == 0 || facts->insured_months < 12)
        return 0;
    for (uint32_t i = 0; i < facts->history_count; i++) {
        const struct paid_before *line = &facts->history[i];

        if (line->item == COMMON__ITEM__SKILL_UPGRADE && !line->advance && line->occupation == facts->occupation &&
            line->level == facts->certificate_level)
            return 0;
    }
    return amount;
}

static void
decide_by_hand(const struct figures *figures, const struct facts *facts, int64_t amounts[BY_HAND])
{
    unsigned own = place_of(facts->division);
    bool poor = facts->groups & POLICY_BIT(COMMON__GROUP__REGISTERED_POOR);
    bool poorish = poor || facts->groups & POLICY_BIT(COMMON__GROUP__POOR_FAMILY);
    int64_t figure;

    memset(amounts, 0, BY_HAND * sizeof(*amounts));
    if (facts->day < figures->pack->from_day || facts->day > figures->pack->until_day)
        return;
    amounts[0] = upgrade(facts);
    if (facts->class_kind != COMMON__CLASS_KIND__TECHNICAL_EDUCATION)
        return;
    if (poorish && facts->months >= 1) {
        figure = figures->references[own][0] ? figures->references[own][0] : figures->references[0][0];
        amounts[1] = figure * facts->months;
    }
    if (poor) {
        figure = figures->standards[own][COMMON__ITEM__HOUSEHOLD_EDUCATION][0];
        amounts[2] = figure ? figure : figures->standards[0][COMMON__ITEM__HOUSEHOLD_EDUCATION][0];
    }
}

/* ---- The runs ---- */

struct sums {
    uint64_t due, refused, none, steps;
    int64_t fen;
    double traced_us, untraced_us, told_us, hand_us;
};

static double
cpu_us(void)
{
    struct timespec spent;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &spent);
    return (double)spent.tv_sec * 1e6 + (double)spent.tv_nsec / 1e3;
}

static struct facts facts[CHUNK];
static struct paid_before lines[CHUNK][HISTORY];
static struct benefit found[CHUNK][EVALUATION_ITEMS];
static int64_t hand[CHUNK][BY_HAND];

static void
must(bool so, const char *what, size_t place)
{
    if (so)
        return;
    fprintf(stderr, "bench-evaluate: %s (facts %zu of a chunk)\n", what, place);
    exit(1);
}

static void
count(struct sums *sums, size_t place, const struct evaluation *out)
{
    bool any_due = false, any_refused = false;

    for (int item = 1; item < EVALUATION_ITEMS; item++) {
        any_due = any_due || out->benefits[item].state == BENEFIT_DUE;
        any_refused = any_refused || out->benefits[item].state == BENEFIT_REFUSED;
        sums->fen += out->benefits[item].amount_fen;
    }
    sums->due += any_due;
    sums->refused += !any_due && any_refused;
    sums->none += !any_due && !any_refused;
    sums->steps += out->trace_count;
    for (size_t i = 0; i < BY_HAND; i++)
        must(out->benefits[by_hand[i]].amount_fen == hand[place][i], "by hand it comes to something else", place);
}

static void
run_chunk(struct policy_view *view, size_t many, struct sums *sums)
{
    static struct evaluation out;
    static char sentence[TRACE_SENTENCE_MAX];
    double began = cpu_us();

    for (size_t i = 0; i < many; i++)
        decide_by_hand(view->context, &facts[i], hand[i]);
    sums->hand_us += cpu_us() - began;

    view->untraced = false;
    began = cpu_us();
    for (size_t i = 0; i < many; i++)
        must(evaluate(view, &facts[i], &out), "the facts are no facts", i);
    sums->traced_us += cpu_us() - began;

    view->untraced = true;
    began = cpu_us();
    for (size_t i = 0; i < many; i++)
        evaluate(view, &facts[i], &out);
    sums->untraced_us += cpu_us() - began;

    view->untraced = false;
    began = cpu_us();
    for (size_t i = 0; i < many; i++) {
        evaluate(view, &facts[i], &out);
        for (uint32_t k = 0; k < out.trace_count; k++)
            trace_sentence(view->pack, &out.trace[k], TRACE_CHINESE, sentence);
    }
    sums->told_us += cpu_us() - began;

    /* Once more, not measured: what came of it. */
    view->untraced = true;
    for (size_t i = 0; i < many; i++) {
        evaluate(view, &facts[i], &out);
        memcpy(found[i], out.benefits, sizeof(found[i]));
    }
    view->untraced = false;
    for (size_t i = 0; i < many; i++) {
        evaluate(view, &facts[i], &out);
        must(memcmp(found[i], out.benefits, sizeof(found[i])) == 0, "without a trace it comes to something else", i);
        count(sums, i, &out);
    }
}

static void
tell(const struct sums *sums, uint64_t all)
{
    printf("due %llu refused %llu none %llu fen %lld steps %llu\n", (unsigned long long)sums->due,
           (unsigned long long)sums->refused, (unsigned long long)sums->none, (long long)sums->fen,
           (unsigned long long)sums->steps);
    printf("untraced %.0f\ntraced %.0f\nsentences %.0f\nby-hand %.0f\n", (double)all * 1e6 / sums->untraced_us,
           (double)all * 1e6 / sums->traced_us, (double)all * 1e6 / sums->told_us, (double)all * 1e6 / sums->hand_us);
}

int
main(int argc, char **argv)
{
    static struct figures figures;
    struct policy_view view = {.standard = standard, .reference = reference, .context = &figures};
    uint64_t all = argc > 2 ? strtoull(argv[2], NULL, 10) : 0;
    struct sums sums = {.due = 0};
    char fault[600] = "";
    Policy__Pack *pack;

    if (argc < 3 || all < 1 || all > 1000000000) {
        fprintf(stderr, "usage: bench-evaluate PACK COUNT [SEED]\n");
        return 2;
    }
    dice = argc > 3 ? strtoull(argv[3], NULL, 10) : 1;
    pack = pack_load(argv[1], fault, sizeof(fault));
    if (!pack) {
        fprintf(stderr, "%s\n", fault);
        return 1;
    }
    view.pack = pack;
    make_figures(&figures, pack);
    for (uint64_t done = 0; done < all; done += CHUNK) {
        size_t many = all - done < CHUNK ? (size_t)(all - done) : CHUNK;

        for (size_t i = 0; i < many; i++)
            make_facts(pack, &facts[i], lines[i]);
        run_chunk(&view, many, &sums);
    }
    tell(&sums, all);
    pack_free(pack);
    return 0;
}
