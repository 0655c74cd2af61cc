/* A campaign as files: a folder of sheets, read whole into memory, the unusable rows set aside with their reasons.
 *
 * What refers to something refers to it by its index; CAMPAIGN_NONE where there is none. Texts are UTF-8 in one arena
 * and live as long as the campaign. Everything is in file order unless it says otherwise. */
#ifndef CLI_CAMPAIGN_CAMPAIGN_H
#define CLI_CAMPAIGN_CAMPAIGN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "domain/identifiers.h"
#include "jineng/v1/common.pb-c.h"

#define CAMPAIGN_NONE         UINT32_MAX
#define CAMPAIGN_DIGEST_BYTES 32

/* The sheets, in the order in which they are read: what is referred to comes first. */
enum campaign_file {
    CAMPAIGN_DIVISIONS,
    CAMPAIGN_APPROPRIATIONS,
    CAMPAIGN_STANDARDS,
    CAMPAIGN_REFERENCES,
    CAMPAIGN_INSTITUTIONS,
    CAMPAIGN_PROJECTS,
    CAMPAIGN_CLASSES,
    CAMPAIGN_ROSTER,
    CAMPAIGN_ATTENDANCE,
    CAMPAIGN_RESULTS,
    CAMPAIGN_ATTESTATIONS,
    CAMPAIGN_HISTORY,
    CAMPAIGN_ENTERPRISE_HISTORY,
    CAMPAIGN_FILES,
};

/* The city is among them: the last, where divisions.csv does not name it. */
struct campaign_division {
    uint32_t code; /* GB/T 2260 */
    uint32_t line; /* 0 for the city where the sheet does not name it */
    const char *name;
    bool province_administered; /* 省直管 */
    uint32_t targets[3];        /* people to train in 2019, 2020, 2021 */
};

struct campaign_appropriation {
    int64_t amount_fen; /* more than 0 */
    const char *document;
    int32_t day;
    uint32_t division;
    int fund; /* common.Fund */
    uint32_t line;
};

struct campaign_standard {
    int64_t figure; /* fen; for PRE_JOB_TRAINING hundredths of a percent */
    const char *document;
    int32_t from_day;
    uint32_t division;
    int item;  /* common.Item */
    int level; /* 1 to 5, 0 where none was given */
    uint32_t line;
};

struct campaign_reference {
    const char *name; /* secondary_grant_monthly, unemployment_benefit_min_monthly */
    int64_t amount_fen;
    int32_t from_day;
    uint32_t division;
    uint32_t line;
};

struct campaign_institution {
    char code[CREDIT_TEXT]; /* unified social credit code (统一社会信用代码) */
    bool insured;
    int kind; /* common.InstitutionKind */
    uint32_t division;
    const char *name, *account, *bank; /* account and bank may be "" */
    int32_t designated_from_day;       /* INT32_MAX where it never was */
    int32_t designated_to_day;         /* INT32_MAX where no end was given */
    uint32_t certifies_first;          /* in campaign.certifies, rising */
    uint32_t certifies_count;
    uint32_t line;
};

struct campaign_project {
    const char *code, *name;
    char occupation[OCCUPATION_TEXT];
    bool urgent;
    int level; /* 1 to 5, 0 where none */
    uint32_t hours;
    uint32_t line;
};

struct campaign_class {
    const char *number;    /* class_no */
    const char *programme; /* "" where none */
    int64_t cost_fen;      /* more than 0 */
    uint32_t provider, project, division;
    uint32_t employer;  /* an institution, or CAMPAIGN_NONE */
    int kind;           /* common.ClassKind */
    int for_group;      /* common.Group, 0 where none */
    bool project_based; /* 项目制 */
    bool advance;       /* 申请预拨 */
    int32_t start_day, end_day;
    uint32_t capacity;
    uint32_t roster_first, roster_count; /* its range of campaign.roster */
    uint32_t sheets_first, sheets_count; /* its range of campaign.sheets */
    uint32_t certified;                  /* its rows with a result */
    uint32_t line;
};

/* Everyone named anywhere that was used: on a roster, in a register, in the history. */
struct campaign_person {
    uint64_t key;          /* the number as a number: the order of keys is the order of numbers */
    char id[CITIZEN_TEXT]; /* put right */
    bool rostered;
    uint16_t attested_true, attested_false; /* bits 1 << common.Group; who has both does not hold it */
    uint32_t history_first, history_count;  /* the range of campaign.history */
};

/* Sorted by class, and within it by id number: a row's rank is its place within its class's range. */
struct campaign_roster_row {
    const char *name, *phone, *account; /* phone and account may be "" */
    uint32_t class_, person;
    uint32_t result;   /* in campaign.results, or CAMPAIGN_NONE */
    uint32_t absences; /* sheets of the class that name the person */
    uint32_t insured_months, employed_months;
    uint16_t groups; /* bits 1 << common.Group, as the sheet claims them */
    uint8_t household;
    bool living_allowance;
    uint32_t line;
};

/* A day's sheet. Sorted by class and day; its absent seats are ranks within the class, rising. */
struct campaign_sheet {
    uint32_t class_;
    int32_t day;
    uint32_t absent_first, absent_count; /* in campaign.absent */
    uint32_t line;
};

struct campaign_result {
    const char *number;
    uint32_t roster; /* the row whose training it certifies */
    uint32_t evaluator;
    int kind;  /* common.CertificateKind */
    int level; /* 1 to 5 for QUALIFICATION and SKILL_LEVEL, else 0 */
    int32_t day;
    uint32_t line;
};

struct campaign_attestation {
    uint32_t person;
    uint8_t department, group; /* common.Department, common.Group */
    bool holds;
    uint32_t line;
};

/* Sorted by person; file order within one. */
struct campaign_paid {
    uint32_t person;
    int32_t day;
    int item;                         /* common.Item */
    int level;                        /* 0 where none */
    uint32_t months;                  /* 0 where none */
    int64_t amount_fen;               /* 0 where it is not known */
    char occupation[OCCUPATION_TEXT]; /* "" where none */
    uint32_t line;
};

/* What an enterprise was paid before: no key, as with people. */
struct campaign_enterprise_paid {
    uint32_t institution;
    int32_t day;
    int item; /* common.Item */
    uint32_t people;
    int64_t amount_fen; /* more than 0 */
    uint32_t line;
};

/* A row set aside. One a row: the first thing found wrong with it. */
struct campaign_rejection {
    enum campaign_file file;
    uint32_t line;      /* where the row begins; the header is line 1 */
    const char *column; /* as the sheet's own header has it; "" where it is the row as a whole */
    const char *reason; /* English and Chinese; people masked */
};

/* Something put right or passed over; the row was used. */
struct campaign_note {
    enum campaign_file file;
    uint32_t line;
    const char *text;
};

#define ARRAY_OF(type, name)                                                                                           \
    type *name;                                                                                                        \
    uint32_t name##_count

struct campaign {
    ARRAY_OF(struct campaign_division, divisions);
    ARRAY_OF(struct campaign_appropriation, appropriations);
    ARRAY_OF(struct campaign_standard, standards);
    ARRAY_OF(struct campaign_reference, references);
    ARRAY_OF(struct campaign_institution, institutions);
    ARRAY_OF(uint32_t, certifies); /* occupations as numbers, campaign_occupation() */
    ARRAY_OF(struct campaign_project, projects);
    ARRAY_OF(struct campaign_class, classes);
    ARRAY_OF(uint32_t, settling); /* the classes in the order of their end, then their number */
    ARRAY_OF(struct campaign_person, people);
    ARRAY_OF(struct campaign_roster_row, roster);
    ARRAY_OF(struct campaign_sheet, sheets);
    ARRAY_OF(uint32_t, absent);
    ARRAY_OF(struct campaign_result, results);
    ARRAY_OF(struct campaign_attestation, attestations);
    ARRAY_OF(struct campaign_paid, history);
    ARRAY_OF(struct campaign_enterprise_paid, enterprise_history);
    ARRAY_OF(struct campaign_rejection, rejections); /* by file, then line */
    ARRAY_OF(struct campaign_note, notes);
    uint32_t rejected_of[CAMPAIGN_FILES]; /* sums to rejections_count, the report's rejected_rows */
    uint32_t rostered;                    /* distinct people on the rosters, the report's people */
    uint8_t digest[CAMPAIGN_DIGEST_BYTES];
    void *private_;
};

/* What the policy says of a division's own figure: NULL where it may be set, else why not, with the clause.
 * level 0 where none was given; figure in fen, for PRE_JOB_TRAINING in hundredths of a percent. */
typedef const char *(*campaign_standard_fault)(void *context, int item, int level, int64_t figure);

/* An item of the policy's own by its name in a sheet; 0 where the policy has none so. */
typedef int (*campaign_item_find)(void *context, const char *name);

/* The policy's own name of a reference figure that it asks for; NULL where it asks for none so. */
typedef const char *(*campaign_reference_find)(void *context, const char *name);

struct campaign_options {
    uint32_t city;                          /* whose figures stand in for every division's; 0 is Shijiazhuang, 130100 */
    campaign_standard_fault standard_fault; /* NULL: any figure may be set */
    void *context;
    campaign_item_find item_find;           /* NULL: the suite's own items alone */
    campaign_reference_find reference_find; /* NULL: the two that the plan of 2019 asks for */
};

/* Why nothing was read. */
struct campaign_stop {
    char file[64]; /* "" where it is the folder as a whole */
    uint32_t line; /* 0 where it is the file as a whole */
    char column[128];
    char reason[384]; /* English and Chinese, with what to do */
};

/* Reads the folder. NULL, with *stop filled, where an unknown column, a missing column or file, or a sheet that cannot
 * be taken apart stops it. */
struct campaign *campaign_read(const char *folder, const struct campaign_options *options, struct campaign_stop *stop);
void campaign_free(struct campaign *campaign);

/* "roster.csv" */
const char *campaign_file_name(enum campaign_file file);

/* Writes the rows set aside (file, line, column, reason), whole or not at all; false with errno. An old file of that
 * name is replaced, by a header alone where nothing was rejected. */
bool campaign_write_rejected(const struct campaign *campaign, const char *path);

/* The identity of the folder: SM3 over the names and contents of the sheets that were read, in the order of names. */
void campaign_digest(const struct campaign *campaign, uint8_t out[CAMPAIGN_DIGEST_BYTES]);

/* Whole months of a class, and years of twelve of them. */
uint32_t campaign_months(const struct campaign *campaign, uint32_t class_);
uint32_t campaign_years(const struct campaign *campaign, uint32_t class_);

/* Days of the class on which the row's person is not listed absent. */
uint32_t campaign_days(const struct campaign *campaign, uint32_t row);

/* The row's place within its class by id number, from 0: its seat. */
uint32_t campaign_rank(const struct campaign *campaign, uint32_t row);

/* The roster row of a person in a class; CAMPAIGN_NONE where there is none. */
uint32_t campaign_row_of(const struct campaign *campaign, uint32_t class_, uint32_t person);

/* What the register of the department that keeps the group says of a person; where rows contradict, false holds. */
enum campaign_register { CAMPAIGN_NO_ROW, CAMPAIGN_HOLDS, CAMPAIGN_DOES_NOT_HOLD };
enum campaign_register campaign_attested(const struct campaign *campaign, uint32_t person, int group);

/* The row's groups, less those that their departments do not attest. */
uint16_t campaign_attested_groups(const struct campaign *campaign, uint32_t row);

/* "4-10-01-06" as 4100106. text must have passed occupation_code(). */
uint32_t campaign_occupation(const char *text);

/* Whether an institution may certify an occupation. */
bool campaign_certifies(const struct campaign *campaign, uint32_t institution, const char *occupation);

#endif
