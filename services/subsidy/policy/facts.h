/* Facts (事实): what is known of one person and one training on the day of the claim. */
#ifndef POLICY_FACTS_H
#define POLICY_FACTS_H

#include <stdbool.h>
#include <stdint.h>

#include "domain/words.h"
#include "jineng/v1/policy.pb-c.h"

#define POLICY_FACT_COUNT  (POLICY__FACT__OUTCOME + 1)
#define POLICY_ITEMS       32            /* common.Item, and from 19 on the packs' own; grants' purposes begin at 32 */
#define POLICY_HISTORY_MAX 4096          /* payments a person; beyond it something else is wrong */
#define POLICY_MONTHS_MAX  INT32_C(1200) /* a hundred years */
#define POLICY_DAYS_MAX    INT32_C(36600)
#define POLICY_HOURS_MAX   INT32_C(100000)
#define POLICY_AGE_MAX     150
#define POLICY_TOLD_MAX    36 /* days through which months of contribution are told: one a month, as long as windows are \
                               */
#define POLICY_WINDOW_MAX 36 /* months of a rule's window */

/* The bit of a word (or of a level) in a mask. */
#define POLICY_BIT(number) (UINT64_C(1) << (number))

/* A benefit that the person was paid before. */
struct paid_before {
    int32_t day;
    uint32_t occupation;  /* as in struct facts; 0 where it does not matter */
    int16_t months;       /* of work as training; else 0 */
    uint8_t item;         /* common.Item */
    uint8_t level;        /* of the certificate, 5 to 1; 0 where there was none */
    bool advance;         /* paid ahead for this very training: no limit counts it */
    uint16_t times;       /* so many benefits at once, and amount_fen is the known sum of them; 0: this is one */
    int64_t amount_fen;   /* 0 where it is not known */
    uint64_t certificate; /* as in struct facts; 0 where it is not known */
};

/* Months of contribution through a day. */
struct told_months {
    int32_t day, months;
};
/* The number of a certificate that is surely none that facts are about; also where there was none. */
#define POLICY_CERTIFICATE_OTHER UINT64_MAX

/* One person, one training. Zero is "not given" throughout. */
struct facts {
    int32_t day;             /* of the claim: pack, standards and reference figures of that day decide */
    uint32_t division;       /* six digits, where the class was held */
    uint64_t groups;         /* mask of common.Group, as attested; the pack adds what they imply */
    uint8_t household;       /* common.Household */
    bool living_allowance;   /* the family is on the minimum living allowance */
    int32_t insured_months;  /* of unemployment insurance */
    int32_t employed_months; /* in stable employment since graduation */
    uint8_t employer;        /* common.InstitutionKind: ENTERPRISE, COOPERATIVE or POVERTY_WORKSHOP; 0 none */
    bool employer_insured;   /* it pays social insurance */
    uint8_t class_kind;      /* common.ClassKind; must be given */
    uint32_t occupation; /* any number that stands for the occupation, the same as in the history; 0 matches nothing */
    uint8_t level;       /* trained for, 5 to 1 */
    int64_t cost_fen;    /* per person, more than zero */
    int32_t days;        /* attended */
    int32_t months;      /* whole months of the class */
    int32_t years;       /* completed years of apprenticeship */
    bool project_based;  /* bought project by project */
    bool enterprise_school;    /* an enterprise runs or helps to run the school */
    uint8_t certificate;       /* common.CertificateKind */
    uint8_t certificate_level; /* 5 to 1 for QUALIFICATION and SKILL_LEVEL, else 0 */
    int32_t certificate_day;
    uint64_t
        certificate_number;  /* any number that stands for the certificate, the same as in the history; 0 not known */
    uint8_t age;             /* completed years on the day; 0 not known */
    uint8_t sex;             /* policy.Sex; 0 not known */
    int32_t hours;           /* class-hours of the course; 0 not known */
    bool contribution_known; /* contribution_months is: 0 then means none */
    int32_t contribution_months;                         /* of social insurance */
    uint64_t outcomes;                                   /* mask of policy.Outcome; 0 not known */
    int32_t outcome_days[POLICY__OUTCOME__RETAINED + 1]; /* since when each is so; 0: in time for every rule */
    uint32_t contributions_count;                        /* 0: contribution_months are in time for every rule */
    struct told_months contributions[POLICY_TOLD_MAX];   /* by rising day, the last is contribution_months */
    bool enterprise_known;                               /* enterprise_history is all that the enterprise was paid */
    const struct paid_before *enterprise_history;
    uint32_t enterprise_count;         /* 0 to POLICY_HISTORY_MAX */
    bool first_reading;                /* as in policy.Case.reading 0; else 1 */
    const struct paid_before *history; /* all of it counts, whatever its date; in any order */
    uint32_t history_count;            /* 0 to POLICY_HISTORY_MAX */
};

/* NULL where the facts can be judged, else a sentence that says which cannot and what it should be. */
const char *facts_fault(const struct facts *facts);

/* The facts as rules ask for them: masks, 0 or 1, numbers. MONTHS_LEFT is a rule's own and left 0. Returns the mask of
 * the facts that are known; those that the pack does not ask for may be left out of it. */
uint64_t facts_values(const struct facts *facts, const Policy__Pack *pack, int64_t values[POLICY_FACT_COUNT]);

/* Of these OUTCOME and CONTRIBUTION_MONTHS, as far as they were so on the last day that counts; likewise (window.c). */
uint64_t facts_told(const struct facts *facts, int32_t last, int64_t values[POLICY_FACT_COUNT]);

bool facts_day_known(int32_t day);
const char *told_fault(const struct facts *facts);

/* The same day so many months on; where that month is shorter, its last. */
int32_t facts_months_on(int32_t day, uint32_t months);

/* The first day of those months that end with the day: the one after the same day so many months ago; where that month
 * is shorter, after its last. */
int32_t facts_months_back(int32_t day, uint32_t months);

/* An occupation's number: 10000000 + the digits of d-dd-dd-dd. */
#define POLICY_OCCUPATION_BASE 10000000u

/* The row of the occupation; NULL where the catalogue has none. */
const Policy__CatalogueRow *catalogue_row(const Policy__Catalogue *catalogue, uint32_t occupation);

/* How a fact is written and counted. */
enum fact_form { FACT_WORDS, FACT_LEVELS, FACT_TRUTH, FACT_MONEY, FACT_NUMBER, FACT_PACK_WORDS };

struct fact_word {
    const char *name; /* in packs: "insured_months" */
    const char *en;   /* in sentences */
    const char *zh;
    enum fact_form form;
    const struct vocabulary *words; /* FACT_WORDS alone */
};

extern const struct vocabulary words_sexes, words_outcomes;

/* Indexed by policy.Fact; the entry 0 has no name. */
extern const struct fact_word fact_words[POLICY_FACT_COUNT];

/* The fact by its name in packs; FACT_UNSPECIFIED where there is none. */
Policy__Fact fact_find(const char *name);

/* Every bit that a fact of words or levels can have in the pack; 0 for others. */
uint64_t fact_mask(const Policy__Pack *pack, Policy__Fact fact);

/* Can more than one word of the fact be true at a time? */
bool fact_many(Policy__Fact fact);

#endif
