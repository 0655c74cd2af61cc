/* The skeleton of a pack. Its words are examples; that it passes its check and its cases is tested. */
#include "subsidy/policy/file/pack_begin.h"

#include <errno.h>
#include <string.h>

#include "subsidy/policy/pack.h"

static const char pack_text[] =
    "# A policy pack (政策包), begun: every line is an example, to be replaced by what the plan says. README.md beside "
    "the\n"
    "# city's packs lists all that a pack can say. Amounts in yuan, rates in percent.\n"
    "pack: %s\n"
    "title: The plan's title in English\n"
    "title_zh: 实施方案的名称\n"
    "from: 2025-01-01              # in force from, through, both inclusive\n"
    "until: 2025-12-31\n"
    "division: \"130100\"            # the city, GB/T 2260: its standards stand in where a division has none of its "
    "own\n"
    "notice_working_days: 5        # public notice before payment (公示)\n"
    "advance_percent: 0            # the most that may be paid ahead (预拨)\n"
    "\n"
    "# Where the plan leaves room: how it was read. `jineng policy readings` lists these for a lawyer.\n"
    "readings:\n"
    "- about: day of the claim\n"
    "  text: The day of the claim is the class's end.\n"
    "\n"
    "# Items that the suite does not list. A number, 19 to 31, means one item for ever, in all packs of a suite.\n"
    "# items:\n"
    "# - {item: digital_course, number: 19, zh: 数字技能培训补贴, en: digital skills course, clause: 1.2}\n"
    "\n"
    "# One rule an item. The number is what traces cite: it is never given to another rule.\n"
    "rules:\n"
    "- rule: 101\n"
    "  item: skill_upgrade                 # 技能提升补贴\n"
    "  clause: 1.1                         # the clause that it stands on\n"
    "  groups: [enterprise_employee]       # who: one of these\n"
    "  when:                               # on what occasion: all of these, else the item is not mentioned\n"
    "  - {fact: certificate, any_of: [qualification, skill_level]}\n"
    "  requires:                           # in this order; the first that fails is the reason of the refusal\n"
    "  - {fact: insured_months, at_least: 12, else: insured_months}\n"
    "  table:                              # fixed amounts by level; thresholds: by: hours, {at_least: 40, amount: "
    "600.00}\n"
    "    by: certificate_level\n"
    "    rows:\n"
    "    - {any_of: [5], amount: 1000.00}\n"
    "    - {any_of: [4], amount: 1500.00}\n"
    "    - {any_of: [3, 2, 1], amount: 2000.00}\n"
    "  amount: [{take: table}]\n"
    "  payee: person                       # person, enterprise or institution\n"
    "  fund: unemployment_insurance\n"
    "\n"
    "- rule: 102\n"
    "  item: free_training                 # 免费职业技能培训\n"
    "  clause: 1.2\n"
    "  groups: [rural_migrant, unemployed]\n"
    "  classes: [employment]\n"
    "  requires:\n"
    "  - {fact: certificate, is: true, else: no_certificate}\n"
    "  standard: {unit: yuan, cap: 2000.00, default: 1500.00}   # what a division may set, and until it does\n"
    "  amount: [{take: cost}, {at_most: standard}]\n"
    "  payee: institution\n"
    "  fund: employment_subsidy\n"
    "\n"
    "# After all rules, in this order; the first that bites is the reason.\n"
    "limits:\n"
    "- rule: 201\n"
    "  kind: same_occupation_level\n"
    "  clause: 2.1\n"
    "  items: [skill_upgrade, free_training]\n"
    "  against: [skill_upgrade, free_training]\n"
    "  reason: same_occupation_level\n"
    "- rule: 202\n"
    "  kind: times\n"
    "  most: 3\n"
    "  within: year\n"
    "  clause: 2.2\n"
    "  items: [free_training]\n"
    "  against: [free_training]\n"
    "  reason: yearly_limit\n";

static const char cases_text[] =
    "# What the pack must answer, worked out by hand: one below, on and above each threshold, each refusal once.\n"
    "pack: %s\n"
    "cases:\n"
    "- name: a junior certificate after twelve months of insurance\n"
    "  clauses: [\"1.1\"]\n"
    "  facts:\n"
    "    date: 2025-06-30\n"
    "    division: \"130102\"\n"
    "    person: {groups: [enterprise_employee], insured_months: 12}\n"
    "    training: {kind: on_job, occupation: \"6-18-01-01\", level: 5, cost: 1200.00, days: 10}\n"
    "    certificate: {kind: skill_level, level: 5, date: 2025-06-20}\n"
    "  due: {skill_upgrade: 1000.00}\n"
    "- name: a month too few\n"
    "  clauses: [\"1.1\"]\n"
    "  facts:\n"
    "    date: 2025-06-30\n"
    "    division: \"130102\"\n"
    "    person: {groups: [enterprise_employee], insured_months: 11}\n"
    "    training: {kind: on_job, occupation: \"6-18-01-01\", level: 5, cost: 1200.00, days: 10}\n"
    "    certificate: {kind: skill_level, level: 5, date: 2025-06-20}\n"
    "  due: {}\n"
    "  refused: {skill_upgrade: insured_months}\n";

static int
begin(const char *path, const char *text, const char *id, FILE *out)
{
    FILE *file = fopen(path, "wx");
    bool written;

    if (!file) {
        fprintf(out, "%s: %s\n", path,
                errno == EEXIST   ? "is there already; give another id, or move it away"
                : errno == ENOENT ? "that folder is not there; make it, or name another: --packs FOLDER"
                                  : strerror(errno));
        return 1;
    }
    written = fprintf(file, text, id) > 0; /* NOLINT: both texts are this file's own */
    written &= fclose(file) == 0;
    fprintf(out, "%s: %s\n", path, written ? "begun" : "cannot be written whole");
    return !written;
}

int
pack_begin(const char *folder, const char *id, FILE *out)
{
    char pack[4096], cases[4096];

    if (!*id || strlen(id) > PACK_NAME_MAX || strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789-") != strlen(id)) {
        fprintf(out, "\"%s\" is no pack's id: write 1 to %d of a-z, 0-9 and -, shijiazhuang-2025 for one\n", id,
                PACK_NAME_MAX);
        return 1;
    }
    snprintf(pack, sizeof(pack), "%s/%s.yaml", folder, id);
    snprintf(cases, sizeof(cases), "%s/%s-cases.yaml", folder, id);
    return begin(pack, pack_text, id, out) || begin(cases, cases_text, id, out);
}
