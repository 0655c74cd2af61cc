/* A campaign as files: what stops the reading, what sets a row aside, what is put right, what is counted.
 *
 * The folder of every test is the small good one below, with a sheet replaced or a row added. All figures by hand. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "cli/campaign/campaign.h"
#include "domain/date.h"

/* People: their numbers carry right check digits and an area that was never issued. */
#define WANG "130199197105270663"
#define LI   "130199197307300664"
#define ZHAO "130199196108240668"
#define SUN  "13019919600814066X"

/* An evaluation body, a school, an enterprise, an enterprise's school, a cooperative. */
#define BODY        "52130100MA0010133R"
#define SCHOOL      "52130100MA0010264M"
#define ENTERPRISE  "91130100MA00105205"
#define ITS_SCHOOL  "52130100MA0010782X"
#define COOPERATIVE "93130100MA0010918D"

/* Classes: A of two months and three places, B of nine days and one place. */
#define A "130104-000001"
#define B "130104-000002"

static const char *const good[CAMPAIGN_FILES] = {
    [CAMPAIGN_DIVISIONS] = "code,name,province_administered,target_2019,target_2020,target_2021\n"
                           "130102,长安区,false,3333,2916,2916\n"
                           "130104,桥西区,true,,2916,2916\n",
    [CAMPAIGN_APPROPRIATIONS] = "date,fund,division,amount,document\n"
                                "2019-10-27,employment_subsidy,130104,6481.00,石财社〔2019〕1号\n"
                                "2019-10-27,skills_account,130100,0.01,\n",
    [CAMPAIGN_STANDARDS] = "division,item,level,amount,rate,from,document\n"
                           "130100,free_training,,1800.00,,2019-10-27,a\n"
                           "130104,pre_job_training,,,45.5,2019-10-27,b\n",
    [CAMPAIGN_REFERENCES] = "name,division,amount,from\n"
                            "secondary_grant_monthly,130100,200.00,2019-10-27\n",
    [CAMPAIGN_INSTITUTIONS] =
        "uscc,name,kind,division,insured,designated_from,designated_to,account,bank,certifies\n" BODY
        ",中心,evaluation,130102,true,2019-10-27,2021-12-31,62170001,银行,4-10-01-06; 4-10-01-05;\n" SCHOOL
        ",学校,training,130102,true,2020-01-01,2021-12-31,62170002,银行,\n" ENTERPRISE
        ",企业,enterprise,130102,false,2019-10-27,,62170003,银行,\n" ITS_SCHOOL
        ",技工学校,enterprise_school,130102,true,,,62170004,银行,\n" COOPERATIVE
        ",合作社,cooperative,130102,true,,,62170005,银行,\n",
    [CAMPAIGN_PROJECTS] = "code,name,occupation,level,hours,urgent\n"
                          "P005,家政服务员,4-10-01-06,5,60,true\n"
                          "P049,车工,6-18-01-01,4,90,false\n",
    [CAMPAIGN_CLASSES] = "class_no,provider,project,division,kind,programme,project_based,for_group,start,end,capacity,"
                         "cost,employer,advance\n" A "," SCHOOL
                         ",P005,130104,employment,spring_tide,false,,2020-03-01,2020-04-30,3,999.99,,false\n" B
                         "," ENTERPRISE ",P049,130104,pre_job,,,,2020-03-02,2020-03-10,1,800," ENTERPRISE ",true\n",
    [CAMPAIGN_ROSTER] = "class_no,name,id_number,phone,groups,household,living_allowance,insured_months,"
                        "employed_months,account\n" A ",王秀英," WANG
                        ",13800000001,registered_poor;rural_migrant,rural,true,24,3,6217\n" A ",李强," LI
                        ",,unemployed,,,,,\n" B ",李强," LI ",,enterprise_employee,urban,false,12,0,\n",
    [CAMPAIGN_ATTENDANCE] = "class_no,date,absent\n" A ",2020-03-01," WANG "\n" A ",2020-03-02,\n" A ",2020-04-30," LI
                            ";" WANG ";" LI "\n" B ",2020-03-02,\n",
    [CAMPAIGN_RESULTS] = "class_no,id_number,certificate_kind,level,certificate_no,date,evaluator\n" A "," WANG
                         ",skill_level,5,S000013130100205000001,2020-04-30," BODY "\n",
    [CAMPAIGN_ATTESTATIONS] = "department,id_number,group,holds\n"
                              "agriculture," WANG ",registered_poor,true\n"
                              "human_resources," WANG ",rural_migrant,true\n"
                              "human_resources," WANG ",rural_migrant,false\n"
                              "veterans," SUN ",veteran,true\n",
    [CAMPAIGN_HISTORY] = "id_number,item,date,occupation,level,months\n" LI ",work_as_training,2019-08-26,,,3\n" SUN
                         ",certified_training,2019-09-25,4-01-06-01,5,\n" LI ",absorption_bonus,2019-09-01,,,\n",
    [CAMPAIGN_ENTERPRISE_HISTORY] =
        "uscc,item,date,amount,people\n" ENTERPRISE ",pre_job_training,2019-08-26,8000.00,3\n" ENTERPRISE
        ",pre_job_training,2019-08-26,0.01,\n",
};

static char folder[64];

static int
make_folder(void **state)
{
    (void)state;
    snprintf(folder, sizeof(folder), "/tmp/jineng-campaign-XXXXXX");
    return mkdtemp(folder) ? 0 : -1;
}

static char *
path_of(const char *name)
{
    static char path[256];

    snprintf(path, sizeof(path), "%s/%s", folder, name);
    return path;
}

static void
write_sheet(int file, const char *text, size_t length)
{
    FILE *out = fopen(path_of(campaign_file_name((enum campaign_file)file)), "w");

    assert_non_null(out);
    assert_int_equal(fwrite(text, 1, length, out), length);
    assert_int_equal(fclose(out), 0);
}

static int
remove_folder(void **state)
{
    (void)state;
    for (int i = 0; i < CAMPAIGN_FILES; i++)
        unlink(path_of(campaign_file_name((enum campaign_file)i)));
    unlink(path_of("rejected.csv"));
    return rmdir(folder);
}

/* The plan's own caps and floors, as its pack has them. */
static const char *
standard_fault(void *context, int item, int level, int64_t figure)
{
    static const struct {
        int item, level;
        int64_t cap, floor;
    } rules[] = {{COMMON__ITEM__PRE_JOB_TRAINING, 0, 5000, 0},
                 {COMMON__ITEM__CERTIFIED_TRAINING, 0, 220000, 0},
                 {COMMON__ITEM__TECHNICIAN_TRAINING, 2, INT64_MAX, 300000},
                 {COMMON__ITEM__TECHNICIAN_TRAINING, 1, INT64_MAX, 500000},
                 {COMMON__ITEM__FREE_TRAINING, 0, INT64_MAX, 0},
                 {COMMON__ITEM__ENTREPRENEURSHIP_TRAINING, 0, 150000, 0},
                 {COMMON__ITEM__HARDSHIP_LIVING, 0, INT64_MAX, 0},
                 {COMMON__ITEM__POVERTY_TRAINING, 0, INT64_MAX, 0},
                 {COMMON__ITEM__POVERTY_LIVING, 0, 10000, 0},
                 {COMMON__ITEM__TUITION_WAIVER, 0, INT64_MAX, 0},
                 {COMMON__ITEM__HOUSEHOLD_EDUCATION, 0, INT64_MAX, 0},
                 {COMMON__ITEM__GRADUATE_TRAINING, 0, INT64_MAX, 0},
                 {COMMON__ITEM__WORK_AS_TRAINING_SUBSIDY, 0, 30000, 0}};

    (void)context;
    for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
        if (rules[i].item == item && rules[i].level == level)
            return figure > rules[i].cap || figure < rules[i].floor ? "outside a cap or floor" : NULL;
    return "no standard";
}

static struct campaign_stop stop;

static struct campaign *
read_folder(const char *path)
{
    struct campaign_options options = {.standard_fault = standard_fault};

    return campaign_read(path, &options, &stop);
}

static struct campaign *
read_with(int file, const char *text)
{
    for (int i = 0; i < CAMPAIGN_FILES; i++)
        write_sheet(i, i == file ? text : good[i], strlen(i == file ? text : good[i]));
    return read_folder(folder);
}

static struct campaign *
read_added(int file, const char *rows)
{
    static char text[65536];

    assert_true((size_t)snprintf(text, sizeof(text), "%s%s", good[file], rows) < sizeof(text));
    return read_with(file, text);
}

static uint32_t
lines_of(const char *text)
{
    uint32_t lines = 0;

    for (; *text; text++)
        lines += *text == '\n';
    return lines;
}

static void
good_folder_is_read_whole(void **state)
{
    struct campaign *c = read_with(-1, "");
    const struct campaign_class *a;

    (void)state;
    assert_non_null(c);
    assert_int_equal(c->rejections_count, 0);
    assert_int_equal(c->notes_count, 0);
    assert_int_equal(c->divisions_count, 3); /* the city joins them */
    assert_int_equal(c->divisions[2].code, 130100);
    assert_int_equal(c->standards[1].figure, 4550);
    assert_int_equal(c->institutions_count, 5);
    assert_true(campaign_certifies(c, 0, "4-10-01-05"));
    assert_false(campaign_certifies(c, 0, "4-10-01-04"));
    assert_false(campaign_certifies(c, 1, "4-10-01-05"));
    assert_int_equal(c->classes_count, 2);
    a = &c->classes[0];
    assert_string_equal(a->number, A);
    assert_int_equal(a->cost_fen, 99999);
    assert_int_equal(a->employer, CAMPAIGN_NONE);
    assert_int_equal(c->classes[1].employer, 2);
    assert_int_equal(c->settling[0], 1); /* B ends first */
    assert_int_equal(a->roster_count, 2);
    assert_int_equal(a->sheets_count, 3);
    assert_int_equal(a->certified, 1);
    assert_int_equal(c->rostered, 2);
    assert_int_equal(c->people_count, 3);
    assert_int_equal(c->results_count, 1);
    campaign_free(c);
}

static void
facts_are_derived(void **state)
{
    struct campaign *c = read_with(-1, "");
    const struct campaign_roster_row *wang;

    (void)state;
    assert_non_null(c);
    assert_int_equal(campaign_months(c, 0), 2);
    assert_int_equal(campaign_months(c, 1), 0);
    assert_int_equal(campaign_years(c, 0), 0);
    wang = &c->roster[0]; /* ...1971 stands before ...1973 */
    assert_string_equal(c->people[wang->person].id, WANG);
    assert_int_equal(campaign_rank(c, 0), 0);
    assert_int_equal(campaign_rank(c, 1), 1);
    assert_int_equal(campaign_days(c, 0), 1); /* three sheets, absent on two */
    assert_int_equal(campaign_days(c, 1), 2); /* listed twice on one */
    assert_int_equal(campaign_days(c, 2), 1);
    assert_int_equal(c->results[wang->result].level, 5);
    assert_int_equal(wang->groups, 1 << COMMON__GROUP__REGISTERED_POOR | 1 << COMMON__GROUP__RURAL_MIGRANT);
    assert_int_equal(campaign_attested_groups(c, 0), 1 << COMMON__GROUP__REGISTERED_POOR);
    assert_int_equal(campaign_attested(c, wang->person, COMMON__GROUP__REGISTERED_POOR), CAMPAIGN_HOLDS);
    assert_int_equal(campaign_attested(c, wang->person, COMMON__GROUP__RURAL_MIGRANT), CAMPAIGN_DOES_NOT_HOLD);
    assert_int_equal(campaign_attested(c, wang->person, COMMON__GROUP__FARMER), CAMPAIGN_NO_ROW);
    assert_int_equal(campaign_row_of(c, 1, wang->person), CAMPAIGN_NONE);
    assert_int_equal(c->people[c->roster[1].person].history_count, 2);
    assert_int_equal(c->history[c->people[c->roster[1].person].history_first].months, 3);
    assert_int_equal(c->sheets[2].absent_count, 2);
    assert_int_equal(c->absent[c->sheets[2].absent_first], 0);
    assert_int_equal(c->absent[c->sheets[2].absent_first + 1], 1);
    campaign_free(c);
}

/* Each row is added to the good sheet; it alone is set aside, under that column. */
struct bad_row {
    int file;
    const char *row, *column;
};

static const struct bad_row bad_rows[] = {
    {CAMPAIGN_DIVISIONS, "1301,x,true,1,1,1", "code"},
    {CAMPAIGN_DIVISIONS, "130198,x,maybe,1,1,1", "province_administered"},
    {CAMPAIGN_DIVISIONS, "130198,x,true,many,1,1", "target_2019"},
    {CAMPAIGN_DIVISIONS, "130102,x,true,1,1,1", "code"},
    {CAMPAIGN_DIVISIONS, "130198,x,true,1,1", ""},
    {CAMPAIGN_DIVISIONS, "130198,x,true,1,1,1,1", ""},
    {CAMPAIGN_DIVISIONS, "130198,\xC3\x28,true,1,1,1", "name"},
    {CAMPAIGN_DIVISIONS, "130198,x\"y\",true,1,1,1", ""},
    {CAMPAIGN_DIVISIONS, "130198,\"x\"y,true,1,1,1", ""},
    {CAMPAIGN_DIVISIONS, "130198,\x01,true,1,1,1", "name"},
    {CAMPAIGN_APPROPRIATIONS, "2021-02-29,industry,130104,1.00,", "date"},
    {CAMPAIGN_APPROPRIATIONS, "1919-10-27,industry,130104,1.00,", "date"},
    {CAMPAIGN_APPROPRIATIONS, "2020/01/01,industry,130104,1.00,", "date"},
    {CAMPAIGN_APPROPRIATIONS, "2020-01-01,lottery,130104,1.00,", "fund"},
    {CAMPAIGN_APPROPRIATIONS, "2020-01-01,industry,130198,1.00,", "division"},
    {CAMPAIGN_APPROPRIATIONS, "2020-01-01,industry,130104,12.345,", "amount"},
    {CAMPAIGN_APPROPRIATIONS, "2020-01-01,industry,130104,\"1,000\",", "amount"},
    {CAMPAIGN_APPROPRIATIONS, "2020-01-01,industry,130104,-1,", "amount"},
    {CAMPAIGN_APPROPRIATIONS, "2020-01-01,industry,130104,0,", "amount"},
    {CAMPAIGN_APPROPRIATIONS, "2020-01-01,industry,130104,99999999999999999999,", "amount"},
    {CAMPAIGN_APPROPRIATIONS, "2020-01-01,industry,130104,100000000000.01,", "amount"},
    {CAMPAIGN_STANDARDS, "130102,free_training,,1900.00,,2020-01-01,", "division"}, /* not province-administered */
    {CAMPAIGN_STANDARDS, "130198,free_training,,1900.00,,2020-01-01,", "division"},
    {CAMPAIGN_STANDARDS, "130104,lunch,,1900.00,,2020-01-01,", "item"},
    {CAMPAIGN_STANDARDS, "130104,apprenticeship,,1900.00,,2020-01-01,", "amount"}, /* has none */
    {CAMPAIGN_STANDARDS, "130104,entrepreneurship_training,,1500.01,,2020-01-01,", "amount"},
    {CAMPAIGN_STANDARDS, "130104,technician_training,2,2999.99,,2020-01-01,", "amount"},
    {CAMPAIGN_STANDARDS, "130104,pre_job_training,,,50.01,2020-01-01,", "rate"},
    {CAMPAIGN_STANDARDS, "130104,free_training,,,50,2020-01-01,", "rate"},
    {CAMPAIGN_STANDARDS, "130104,pre_job_training,,40,40,2020-01-01,", "amount"},
    {CAMPAIGN_STANDARDS, "130104,pre_job_training,,,0,2020-01-01,", "rate"},
    {CAMPAIGN_STANDARDS, "130104,free_training,6,1900.00,,2020-01-01,", "level"},
    {CAMPAIGN_STANDARDS, "130104,free_training,,many,,2020-01-01,", "amount"},
    {CAMPAIGN_STANDARDS, "130104,free_training,,1900.00,,2020-11-31,", "from"},
    {CAMPAIGN_STANDARDS, "130100,free_training,,1900.00,,2019-10-27,", "from"}, /* the key is taken */
    {CAMPAIGN_REFERENCES, "lunch,130104,1.00,2020-01-01", "name"},
    {CAMPAIGN_REFERENCES, "secondary_grant_monthly,130198,1.00,2020-01-01", "division"},
    {CAMPAIGN_REFERENCES, "secondary_grant_monthly,130104,x,2020-01-01", "amount"},
    {CAMPAIGN_REFERENCES, "secondary_grant_monthly,130104,0.00,2020-01-01", "amount"},
    {CAMPAIGN_REFERENCES, "secondary_grant_monthly,130104,1.00,2020-1-1", "from"},
    {CAMPAIGN_REFERENCES, "secondary_grant_monthly,130100,1.00,2019-10-27", "from"},
    {CAMPAIGN_INSTITUTIONS, "52130100MA0010264N,x,training,130102,true,,,,,", "uscc"},
    {CAMPAIGN_INSTITUTIONS, "52130100MA00102682,x,palace,130102,true,,,,,", "kind"},
    {CAMPAIGN_INSTITUTIONS, "52130100MA00102682,x,training,130198,true,,,,,", "division"},
    {CAMPAIGN_INSTITUTIONS, "52130100MA00102682,x,training,130102,,,,,,", "insured"},
    {CAMPAIGN_INSTITUTIONS, "52130100MA00102682,x,training,130102,true,2020-02-30,,,,", "designated_from"},
    {CAMPAIGN_INSTITUTIONS, "52130100MA00102682,x,training,130102,true,,2020-02-30,,,", "designated_to"},
    {CAMPAIGN_INSTITUTIONS, "52130100MA00102682,x,training,130102,true,,,,,4-10-1-06", "certifies"},
    {CAMPAIGN_INSTITUTIONS, "52130100MA00102682,x,training,130102,true,,,,,4-10-01-066", "certifies"},
    {CAMPAIGN_INSTITUTIONS, "52130100MA00102682,x,training,130102,true,,,,,班班班班", "certifies"},
    {CAMPAIGN_INSTITUTIONS, SCHOOL ",x,training,130102,true,,,,,", "uscc"},
    {CAMPAIGN_PROJECTS, ",x,4-10-01-06,5,60,true", "code"},
    {CAMPAIGN_PROJECTS, "P1,x,4-10-01,5,60,true", "occupation"},
    {CAMPAIGN_PROJECTS, "P1,x,4-10-01-06,6,60,true", "level"},
    {CAMPAIGN_PROJECTS, "P1,x,4-10-01-06,,60,true", "level"},
    {CAMPAIGN_PROJECTS, "P1,x,4-10-01-06,5,long,true", "hours"},
    {CAMPAIGN_PROJECTS, "P1,x,4-10-01-06,5,10001,true", "hours"},
    {CAMPAIGN_PROJECTS, "P1,x,4-10-01-06,5,60,perhaps", "urgent"},
    {CAMPAIGN_PROJECTS, "P005,x,4-10-01-06,5,60,true", "code"},
#define CLASS(no, provider, project, division, kind, group, start, end, capacity, cost, employer)                      \
    no "," provider "," project "," division "," kind ",,false," group "," start "," end "," capacity "," cost         \
       "," employer ",false"
    {CAMPAIGN_CLASSES, CLASS("C", BODY "0", "P005", "130104", "on_job", "", "2020-03-01", "2020-03-09", "3", "1", ""),
     "provider"},
    {CAMPAIGN_CLASSES, CLASS("C", ITS_SCHOOL, "P005", "130104", "on_job", "", "2020-03-01", "2020-03-09", "3", "1", ""),
     "provider"}, /* never designated */
    {CAMPAIGN_CLASSES, CLASS("C", SCHOOL, "P005", "130104", "on_job", "", "2019-12-31", "2020-03-09", "3", "1", ""),
     "provider"}, /* designated from the day after */
    {CAMPAIGN_CLASSES, CLASS("C", SCHOOL, "P005", "130104", "on_job", "", "2022-01-01", "2022-03-09", "3", "1", ""),
     "provider"}, /* no longer */
    {CAMPAIGN_CLASSES, CLASS("C", SCHOOL, "P9", "130104", "on_job", "", "2020-03-01", "2020-03-09", "3", "1", ""),
     "project"},
    {CAMPAIGN_CLASSES, CLASS("C", SCHOOL, "P005", "130198", "on_job", "", "2020-03-01", "2020-03-09", "3", "1", ""),
     "division"},
    {CAMPAIGN_CLASSES, CLASS("C", SCHOOL, "P005", "130104", "cooking", "", "2020-03-01", "2020-03-09", "3", "1", ""),
     "kind"},
    {CAMPAIGN_CLASSES, CLASS("C", SCHOOL, "P005", "130104", "on_job", "me", "2020-03-01", "2020-03-09", "3", "1", ""),
     "for_group"},
    {CAMPAIGN_CLASSES, CLASS("C", SCHOOL, "P005", "130104", "on_job", "", "2020-03-10", "2020-03-09", "3", "1", ""),
     "end"},
    {CAMPAIGN_CLASSES, CLASS("C", SCHOOL, "P005", "130104", "on_job", "", "2021-02-29", "2021-03-09", "3", "1", ""),
     "start"},
    {CAMPAIGN_CLASSES, CLASS("C", SCHOOL, "P005", "130104", "on_job", "", "2020-03-01", "2020-03-09", "x", "1", ""),
     "capacity"},
    {CAMPAIGN_CLASSES, CLASS("C", SCHOOL, "P005", "130104", "on_job", "", "2020-03-01", "2020-03-09", "3", "0", ""),
     "cost"},
    {CAMPAIGN_CLASSES,
     CLASS("C", SCHOOL, "P005", "130104", "on_job", "", "2020-03-01", "2020-03-09", "3", "1000000.01", ""), "cost"},
    {CAMPAIGN_CLASSES, CLASS("C", SCHOOL, "P005", "130104", "on_job", "", "2020-03-01", "2020-03-09", "3", "1", SCHOOL),
     "employer"},
    {CAMPAIGN_CLASSES, CLASS("C", SCHOOL, "P005", "130104", "on_job", "", "2020-03-01", "2020-03-09", "3", "1", BODY),
     "employer"},
    {CAMPAIGN_CLASSES, CLASS("C", SCHOOL, "P005", "130104", "on_job", "", "2020-03-01", "2020-03-09", "3", "1", "x"),
     "employer"},
    {CAMPAIGN_CLASSES, CLASS("C", ENTERPRISE, "P005", "130104", "on_job", "", "2020-03-01", "2030-03-09", "3", "1", ""),
     "end"},
    {CAMPAIGN_CLASSES,
     CLASS("石家庄市长安区第一期一二三四五六七", SCHOOL, "P005", "130104", "on_job", "", "2020-03-01", "2020-03-09",
           "3", "1", ""),
     "class_no"}, /* 51 bytes */
    {CAMPAIGN_CLASSES, CLASS(A, SCHOOL, "P005", "130104", "on_job", "", "2020-03-01", "2020-03-09", "3", "1", ""),
     "class_no"},
    {CAMPAIGN_CLASSES, CLASS("", SCHOOL, "P005", "130104", "on_job", "", "2020-03-01", "2020-03-09", "3", "1", ""),
     "class_no"},
    {CAMPAIGN_ROSTER, "C,赵," ZHAO ",,,,,,,", "class_no"},
    {CAMPAIGN_ROSTER, A ",赵,130199196108240667,,,,,,,", "id_number"},
    {CAMPAIGN_ROSTER, A ",赵,130199197002300663,,,,,,,", "id_number"}, /* 30 February, its check right */
    {CAMPAIGN_ROSTER, A ",赵,130199197105270000,,,,,,,", "id_number"}, /* eaten by a spreadsheet */
    {CAMPAIGN_ROSTER, A ",赵,130199610824066,,,,,,,", "id_number"},    /* fifteen digits */
    {CAMPAIGN_ROSTER, A ",赵,,,,,,,,", "id_number"},
    {CAMPAIGN_ROSTER, A ",," ZHAO ",,,,,,,", "name"},
    {CAMPAIGN_ROSTER, A ",赵," ZHAO ",,unemployed;astronaut,,,,,", "groups"},
    {CAMPAIGN_ROSTER, A ",赵," ZHAO ",,,abroad,,,,", "household"},
    {CAMPAIGN_ROSTER, A ",赵," ZHAO ",,,,perhaps,,,", "living_allowance"},
    {CAMPAIGN_ROSTER, A ",赵," ZHAO ",,,,,a year,,", "insured_months"},
    {CAMPAIGN_ROSTER, A ",赵," ZHAO ",,,,,,-1,", "employed_months"},
    {CAMPAIGN_ROSTER, A ",王," WANG ",,,,,,,", "id_number"}, /* there already */
    {CAMPAIGN_ROSTER, B ",赵," ZHAO ",,,,,,,", "class_no"},  /* its one place is taken */
    {CAMPAIGN_ATTENDANCE, "C,2020-03-05,", "class_no"},
    {CAMPAIGN_ATTENDANCE, A ",2020-02-29,", "date"},
    {CAMPAIGN_ATTENDANCE, A ",2020-05-01,", "date"},
    {CAMPAIGN_ATTENDANCE, A ",2020-04-31,", "date"},
    {CAMPAIGN_ATTENDANCE, A ",2020-03-01," LI, "date"}, /* there already; LI loses no day by it */
#define RESULT(no, id, kind, level, number, date, body) no "," id "," kind "," level "," number "," date "," body
    {CAMPAIGN_RESULTS, RESULT("C", LI, "completion", "", "1", "2020-05-01", BODY), "class_no"},
    {CAMPAIGN_RESULTS, RESULT(A, "1", "completion", "", "1", "2020-05-01", BODY), "id_number"},
    {CAMPAIGN_RESULTS, RESULT(A, ZHAO, "completion", "", "1", "2020-05-01", BODY), "id_number"}, /* nobody we know */
    {CAMPAIGN_RESULTS, RESULT(A, WANG, "completion", "", "1", "2020-05-01", BODY), "id_number"}, /* there already */
    {CAMPAIGN_RESULTS, RESULT(B, WANG, "completion", "", "1", "2020-05-01", BODY), "id_number"}, /* in A, not in B */
    {CAMPAIGN_RESULTS, RESULT(A, LI, "praise", "", "1", "2020-05-01", BODY), "certificate_kind"},
    {CAMPAIGN_RESULTS, RESULT(A, LI, "completion", "5", "1", "2020-05-01", BODY), "level"},
    {CAMPAIGN_RESULTS, RESULT(A, LI, "qualification", "", "2013011001500001", "2020-05-01", BODY), "level"},
    {CAMPAIGN_RESULTS, RESULT(A, LI, "qualification", "4", "2013011001500001", "2020-05-01", BODY), "certificate_no"},
    {CAMPAIGN_RESULTS, RESULT(A, LI, "qualification", "5", "2113011001500001", "2020-05-01", BODY), "certificate_no"},
    {CAMPAIGN_RESULTS, RESULT(A, LI, "skill_level", "5", "Z000013130100205000001", "2020-05-01", BODY),
     "certificate_no"},
    {CAMPAIGN_RESULTS, RESULT(A, LI, "completion", "", "", "2020-05-01", BODY), "certificate_no"},
    {CAMPAIGN_RESULTS, RESULT(A, LI, "completion", "", "1", "2020-04-29", BODY), "date"},
    {CAMPAIGN_RESULTS, RESULT(A, LI, "completion", "", "1", "2020-13-01", BODY), "date"},
    {CAMPAIGN_RESULTS, RESULT(A, LI, "completion", "", "1", "2020-05-01", ""), "evaluator"},
    {CAMPAIGN_RESULTS, RESULT(A, LI, "completion", "", "1", "2020-05-01", SCHOOL), "evaluator"},
    {CAMPAIGN_RESULTS, RESULT(B, LI, "completion", "", "1", "2020-05-01", BODY), "evaluator"}, /* another occupation */
    {CAMPAIGN_ATTESTATIONS, "weather," LI ",unemployed,true", "department"},
    {CAMPAIGN_ATTESTATIONS, "veterans," LI ",unemployed,true", "department"}, /* not its register */
    {CAMPAIGN_ATTESTATIONS, "finance," LI ",farmer,true", "department"},
    {CAMPAIGN_ATTESTATIONS, "veterans,1,veteran,true", "id_number"},
    {CAMPAIGN_ATTESTATIONS, "veterans," LI ",astronaut,true", "group"},
    {CAMPAIGN_ATTESTATIONS, "veterans," LI ",veteran,", "holds"},
    {CAMPAIGN_HISTORY, "1,free_training,2019-01-01,,,", "id_number"},
    {CAMPAIGN_HISTORY, LI ",lunch,2019-01-01,,,", "item"},
    {CAMPAIGN_HISTORY, LI ",free_training,2019-02-29,,,", "date"},
    {CAMPAIGN_HISTORY, LI ",free_training,2019-01-01,cook,,", "occupation"},
    {CAMPAIGN_HISTORY, LI ",free_training,2019-01-01,,9,", "level"},
    {CAMPAIGN_HISTORY, LI ",free_training,2019-01-01,,,few", "months"},
    {CAMPAIGN_ENTERPRISE_HISTORY, "91130100MA00105205x,pre_job_training,2019-08-26,1,1", "uscc"},
    {CAMPAIGN_ENTERPRISE_HISTORY, "52130100MA00102682,pre_job_training,2019-08-26,1,1", "uscc"}, /* not in the sheet */
    {CAMPAIGN_ENTERPRISE_HISTORY, ENTERPRISE ",lunch,2019-08-26,1,1", "item"},
    {CAMPAIGN_ENTERPRISE_HISTORY, ENTERPRISE ",pre_job_training,1969-08-26,1,1", "date"},
    {CAMPAIGN_ENTERPRISE_HISTORY, ENTERPRISE ",pre_job_training,2019-08-26,,1", "amount"},
    {CAMPAIGN_ENTERPRISE_HISTORY, ENTERPRISE ",pre_job_training,2019-08-26,0,1", "amount"},
    {CAMPAIGN_ENTERPRISE_HISTORY, ENTERPRISE ",pre_job_training,2019-08-26,100000000000.01,1", "amount"},
    {CAMPAIGN_ENTERPRISE_HISTORY, ENTERPRISE ",pre_job_training,2019-08-26,1,10001", "people"},
};

static void
bad_rows_are_set_aside_alone(void **state)
{
    struct campaign *whole = read_with(-1, "");

    (void)state;
    for (size_t i = 0; i < sizeof(bad_rows) / sizeof(bad_rows[0]); i++) {
        const struct bad_row *bad = &bad_rows[i];
        struct campaign *c = read_added(bad->file, bad->row);

        if (!c || c->rejections_count != 1)
            print_message("%s: %s: %u\n", campaign_file_name((enum campaign_file)bad->file), bad->row,
                          c ? c->rejections_count : 0);
        assert_non_null(c);
        assert_int_equal(c->rejections_count, 1);
        assert_int_equal(c->rejections[0].file, bad->file);
        assert_int_equal(c->rejections[0].line, lines_of(good[bad->file]) + 1);
        assert_string_equal(c->rejections[0].column, bad->column);
        assert_true(mbstowcs(NULL, c->rejections[0].reason, 0) != (size_t)-1); /* cut nowhere within a character */
        assert_int_equal(c->rejected_of[bad->file], 1);
        assert_int_equal(c->roster_count, whole->roster_count);
        assert_int_equal(c->certifies_count, whole->certifies_count);
        assert_int_equal(campaign_days(c, 1), 2);
        assert_memory_not_equal(c->digest, whole->digest, CAMPAIGN_DIGEST_BYTES);
        campaign_free(c);
    }
    campaign_free(whole);
}

/* Rows that look odd and are right. */
static const struct bad_row odd_rows[] = {
    {CAMPAIGN_STANDARDS, "130104,hardship_living,,99999,,2020-01-01,", NULL}, /* clipped when paid */
    {CAMPAIGN_STANDARDS, "130104,pre_job_training,,50,,2020-01-01,", NULL},
    {CAMPAIGN_STANDARDS, "130104,technician_training,1,5000,,2020-01-01,", NULL},
    {CAMPAIGN_APPROPRIATIONS, "2019-10-27,employment_subsidy,130104,6481.00,石财社〔2019〕1号", NULL},
    {CAMPAIGN_INSTITUTIONS, "52130100MA00102682,\"x,\n又名\"\"一\"\"\",培训机构,130100,是,,,,,", NULL},
    {CAMPAIGN_CLASSES,
     CLASS("C", ENTERPRISE, "P005", "130104", "在岗培训", "残疾人", "2025-03-01", "2025-03-01", "3", "1", ITS_SCHOOL),
     NULL}, /* a designation without an end; an enterprise's school employs */
    {CAMPAIGN_CLASSES,
     CLASS("C", SCHOOL, "P005", "130104", "on_job", "", "2020-01-01", "2020-01-01", "0", "1", COOPERATIVE), NULL},
    {CAMPAIGN_CLASSES,
     CLASS("长安区2020年一班", SCHOOL, "P005", "130104", "on_job", "", "2020-03-01", "2020-03-09", "3", "1", ""), NULL},
    {CAMPAIGN_INSTITUTIONS, "52130100MA00102682,x,training,130102,true,,,6.217E+18,,",
     NULL}, /* the account is left out */
    {CAMPAIGN_ATTENDANCE, A ",2020-03-05, ;; ", NULL},
    {CAMPAIGN_RESULTS, RESULT(A, LI, "培训合格证书", "", "C 1", "2029-05-01", BODY), NULL},
    {CAMPAIGN_ATTESTATIONS, "education,130199197208280661,两后生,否", NULL},
    {CAMPAIGN_HISTORY, "130199197208280661,free_training,2019-01-01,,,", NULL},
    {CAMPAIGN_HISTORY, "\r\n\n  \n", NULL},
    {CAMPAIGN_ENTERPRISE_HISTORY, COOPERATIVE ",pre_job_training,2019-08-26,100000000000.00,10000", NULL},
};

static void
odd_rows_are_used(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(odd_rows) / sizeof(odd_rows[0]); i++) {
        struct campaign *c = read_added(odd_rows[i].file, odd_rows[i].row);

        assert_non_null(c);
        if (c->rejections_count)
            print_message("%s: %s\n", odd_rows[i].row, c->rejections[0].reason);
        assert_int_equal(c->rejections_count, 0);
        campaign_free(c);
    }
}

/* Nothing hangs on a document's number: a long one is cut between two characters. */
static void
long_texts_are_cut(void **state)
{
    char row[600] = "2020-01-01,industry,130104,1.00,";
    struct campaign *c;

    (void)state;
    for (int i = 0; i < 60; i++)
        strcat(row, i == 39 ? "ab" : "文");
    c = read_added(CAMPAIGN_APPROPRIATIONS, row);
    assert_non_null(c);
    assert_int_equal(c->rejections_count, 0);
    assert_int_equal(strlen(c->appropriations[c->appropriations_count - 1].document), 119);
    assert_non_null(strstr(c->notes[0].text, "first 119 bytes"));
    campaign_free(c);
}

static void
unusable_row_takes_neither_key_nor_place(void **state)
{
    /* B has one place. Its first row is unusable, the second has it, the third repeats it, the fourth is beyond. */
    const char *rows = "class_no,name,id_number,phone,groups,household,living_allowance,insured_months,"
                       "employed_months,account\n" B ",王," WANG ",,,abroad,,,,\n" B ",王," WANG ",,,,,,,\n" B
                       ",王," WANG ",,,,,,,\n" B ",李," LI ",,,,,,,\n" A ",李," LI ",,,,,,,\n";
    struct campaign *c = read_with(CAMPAIGN_ROSTER, rows);

    (void)state;
    assert_non_null(c);
    /* And the result of WANG in A, where WANG is no longer. */
    assert_int_equal(c->rejections_count, 4);
    assert_int_equal(c->rejected_of[CAMPAIGN_ROSTER], 3);
    assert_int_equal(c->rejections[0].line, 2);
    assert_int_equal(c->rejections[1].line, 4);
    assert_string_equal(c->rejections[1].column, "id_number");
    assert_int_equal(c->rejections[2].line, 5);
    assert_string_equal(c->rejections[2].column, "class_no");
    assert_int_equal(c->rejections[3].file, CAMPAIGN_RESULTS);
    assert_int_equal(c->roster_count, 2);
    assert_int_equal(c->classes[1].roster_count, 1);
    campaign_free(c);
}

static void
what_hangs_on_an_unusable_row_is_unusable(void **state)
{
    const char *rows = "uscc,name,kind,division,insured,designated_from,designated_to,account,bank,certifies\n" BODY
                       ",x,evaluation,130102,true,,,,,4-10-01-06\n" SCHOOL ",x,palace,130102,true,,,,,\n" ENTERPRISE
                       ",x,enterprise,130102,true,2019-10-27,,,,\n";
    struct campaign *c = read_with(CAMPAIGN_INSTITUTIONS, rows);

    (void)state;
    assert_non_null(c);
    /* The school, its class A, A's two people, its three sheets, its result. */
    assert_int_equal(c->rejections_count, 8);
    assert_int_equal(c->rejected_of[CAMPAIGN_ROSTER], 2);
    assert_int_equal(c->rejected_of[CAMPAIGN_ATTENDANCE], 3);
    assert_int_equal(c->rejected_of[CAMPAIGN_RESULTS], 1);
    assert_int_equal(c->classes_count, 1);
    assert_int_equal(c->rostered, 1);
    campaign_free(c);
}

static void
numbers_are_put_right_with_a_note(void **state)
{
    struct campaign *c = read_added(CAMPAIGN_ROSTER, A ",孙,13019919600814066x,,,,,,,\n");

    (void)state;
    assert_non_null(c);
    assert_int_equal(c->rejections_count, 0);
    assert_int_equal(c->notes_count, 1);
    assert_int_equal(c->notes[0].line, 5);
    assert_null(strstr(c->notes[0].text, "19600814"));
    assert_int_equal(c->people_count, 3); /* SUN of the registers is the same person */
    campaign_free(c);

    c = read_added(CAMPAIGN_ATTENDANCE, A ",2020-03-05,１３０１９９１９７１０５２７０６６３;" ZHAO ";" SUN ";nobody\n");
    assert_non_null(c);
    assert_int_equal(c->rejections_count, 0);
    assert_int_equal(c->notes_count, 4); /* one put right, three not on the roster */
    assert_int_equal(campaign_days(c, 0), 1);
    assert_int_equal(campaign_days(c, 1), 3);
    campaign_free(c);

    c = read_added(CAMPAIGN_INSTITUTIONS, "52130100MA00102609,x,training,130102,true,,,,,\n");
    assert_non_null(c);
    assert_int_equal(c->rejections_count, 0);
    assert_int_equal(c->notes_count, 1); /* the inner check */
    campaign_free(c);
}

static void
chinese_sheets_with_a_bom_are_read(void **state)
{
    const char *rows =
        "\xEF\xBB\xBF账号,失业保险缴费月数,姓名,低保,稳定就业月数,身份证号,联系电话,班级编号,人员类别,户籍性质\r\n"
        "1,24,\"张\n磊\",是,0," WANG ",2," A ",农村转移就业劳动者 ; 残疾人,农村\r\n"
        "1,24,李,也许,0," LI ",2," A ",,农村\r\n";
    struct campaign *c = read_with(CAMPAIGN_ROSTER, rows);

    (void)state;
    assert_non_null(c);
    assert_int_equal(c->rejections_count, 1);
    assert_int_equal(c->rejections[0].line, 4); /* a name runs over lines 2 and 3 */
    assert_string_equal(c->rejections[0].column, "低保");
    assert_string_equal(c->roster[0].name, "张 磊");
    assert_int_equal(c->roster[0].groups, 1 << COMMON__GROUP__RURAL_MIGRANT | 1 << COMMON__GROUP__DISABLED);
    assert_int_equal(c->roster[0].household, COMMON__HOUSEHOLD__RURAL);
    assert_true(c->roster[0].living_allowance);
    campaign_free(c);
}

static void
must_stop(int file, const char *text, const char *column)
{
    struct campaign *c = read_with(file, text);

    assert_null(c);
    assert_string_equal(stop.file, campaign_file_name((enum campaign_file)file));
    assert_string_equal(stop.column, column);
    assert_true(strlen(stop.reason) > 0);
}

static void
sheets_that_cannot_be_read_stop_everything(void **state)
{
    (void)state;
    must_stop(CAMPAIGN_REFERENCES, "name,division,amount,from,colour\n", "colour");
    must_stop(CAMPAIGN_REFERENCES, "name,division,amount,from,\n", "");
    must_stop(CAMPAIGN_REFERENCES, "name,division,amount\n", "from 执行日期");
    must_stop(CAMPAIGN_REFERENCES, "name,division,amount,from,执行日期\n", "执行日期");
    must_stop(CAMPAIGN_REFERENCES, "name,division,\xB1\xE0\xBA\xC5,from\n", "");
    must_stop(CAMPAIGN_REFERENCES, "", "");
    must_stop(CAMPAIGN_REFERENCES, "\xEF\xBB\xBF", "");
    must_stop(CAMPAIGN_REFERENCES, "secondary_grant_monthly,130100,200.00,2019-10-27\n", "");
    must_stop(CAMPAIGN_REFERENCES, "name,division,amount,from\n\"x,130100,1,2020-01-01\na,b,c,d\n", "");
    must_stop(CAMPAIGN_REFERENCES, "name,division,amount,from\n\"x,130100,1,2020-01-01\na,\"b\",c,d\n", "");
    must_stop(CAMPAIGN_REFERENCES, "name\"x\",division,amount,from\n", "");
}

static void
missing_sheets_stop_only_where_required(void **state)
{
    static const bool required[CAMPAIGN_FILES] = {
        [CAMPAIGN_DIVISIONS] = true, [CAMPAIGN_APPROPRIATIONS] = true, [CAMPAIGN_INSTITUTIONS] = true,
        [CAMPAIGN_PROJECTS] = true,  [CAMPAIGN_CLASSES] = true,        [CAMPAIGN_ROSTER] = true};

    (void)state;
    for (int i = 0; i < CAMPAIGN_FILES; i++) {
        struct campaign *c = read_with(-1, "");

        campaign_free(c);
        unlink(path_of(campaign_file_name((enum campaign_file)i)));
        c = read_folder(folder);
        assert_int_equal(c == NULL, required[i]);
        campaign_free(c);
        assert_int_equal(mkdir(path_of(campaign_file_name((enum campaign_file)i)), 0700), 0);
        assert_null(read_folder(folder)); /* a directory is no sheet */
        assert_int_equal(rmdir(path_of(campaign_file_name((enum campaign_file)i))), 0);
    }
    assert_null(read_folder("/nonexistent"));
}

static void
endless_cells_stop(void **state)
{
    const size_t length = 300000;
    char *text = malloc(length + 1);

    (void)state;
    assert_non_null(text);
    memset(text, 'x', length);
    memcpy(text, "name,division,amount,from\n\"", 27);
    text[length] = '\0';
    must_stop(CAMPAIGN_REFERENCES, text, "");
    text[26] = 'x';
    must_stop(CAMPAIGN_REFERENCES, text, "");
    memset(text + 26, ',', length - 26);
    must_stop(CAMPAIGN_REFERENCES, text, "");
    free(text);
}

static void
empty_rosters_are_no_fault(void **state)
{
    struct campaign *c = read_with(CAMPAIGN_ROSTER, "class_no,name,id_number,phone,groups,household,living_allowance,"
                                                    "insured_months,employed_months,account\n");

    (void)state;
    assert_non_null(c);
    assert_int_equal(c->roster_count, 0);
    assert_int_equal(c->rejections_count, 1); /* the result hangs */
    campaign_free(c);
}

static void
rejected_rows_are_written_whole(void **state)
{
    struct campaign *c = read_added(CAMPAIGN_ROSTER, A ",\"赵\",130199196108240667,13812345678,,,,,,\n");
    char text[512];
    size_t length;
    FILE *in;

    (void)state;
    assert_non_null(c);
    assert_true(campaign_write_rejected(c, path_of("rejected.csv")));
    in = fopen(path_of("rejected.csv"), "r");
    assert_non_null(in);
    length = fread(text, 1, sizeof(text) - 1, in);
    fclose(in);
    text[length] = '\0';
    assert_string_equal(text, "file,line,column,reason\n"
                              "roster.csv,5,\"id_number\",\"wrong check digit 校验码有误\"\n");
    assert_false(campaign_write_rejected(c, "/nonexistent/rejected.csv"));
    campaign_free(c);
}

static void
reasons_show_nobody(void **state)
{
    /* The columns have slipped: a phone stands where the class should. */
    struct campaign *c = read_added(CAMPAIGN_ROSTER, "13812345678,赵," ZHAO ",,,,,,,\n");

    (void)state;
    assert_non_null(c);
    assert_int_equal(c->rejections_count, 1);
    assert_null(strstr(c->rejections[0].reason, "138123"));
    campaign_free(c);

    c = read_added(CAMPAIGN_ROSTER, "赵一曼,x," ZHAO ",,,,,,,\n");
    assert_non_null(c);
    assert_int_equal(c->rejections_count, 1);
    assert_null(strstr(c->rejections[0].reason, "赵一曼"));
    campaign_free(c);
}

static void
the_digest_is_the_folder_s(void **state)
{
    uint8_t first[CAMPAIGN_DIGEST_BYTES], second[CAMPAIGN_DIGEST_BYTES];
    struct campaign *c = read_with(-1, "");

    (void)state;
    campaign_digest(c, first);
    campaign_free(c);
    c = read_with(-1, "");
    campaign_digest(c, second);
    campaign_free(c);
    assert_memory_equal(first, second, sizeof(first));
    unlink(path_of("history.csv"));
    c = read_folder(folder);
    campaign_digest(c, second);
    campaign_free(c);
    assert_memory_not_equal(first, second, sizeof(first));
}

/* What the samples' expected.json says. */
static void
samples_are_counted_as_expected(void **state)
{
    static const struct {
        const char *path;
        uint32_t people, classes, trained, certified, rejected;
    } samples[] = {{JN_SOURCE_DIR "/tests/campaigns/small", 412, 23, 756, 647, 0},
                   {JN_SOURCE_DIR "/tests/campaigns/dirty-zh", 292, 19, 529, 439, 46},
                   {JN_SOURCE_DIR "/tests/campaigns/short", 400, 22, 653, 545, 0}};

    (void)state;
    for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
        struct campaign *c = read_folder(samples[i].path);

        assert_non_null(c);
        assert_int_equal(c->rostered, samples[i].people);
        assert_int_equal(c->classes_count, samples[i].classes);
        assert_int_equal(c->roster_count, samples[i].trained);
        assert_int_equal(c->results_count, samples[i].certified);
        assert_int_equal(c->rejections_count, samples[i].rejected);
        campaign_free(c);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_folder_is_read_whole),
        cmocka_unit_test(facts_are_derived),
        cmocka_unit_test(bad_rows_are_set_aside_alone),
        cmocka_unit_test(odd_rows_are_used),
        cmocka_unit_test(long_texts_are_cut),
        cmocka_unit_test(unusable_row_takes_neither_key_nor_place),
        cmocka_unit_test(what_hangs_on_an_unusable_row_is_unusable),
        cmocka_unit_test(numbers_are_put_right_with_a_note),
        cmocka_unit_test(chinese_sheets_with_a_bom_are_read),
        cmocka_unit_test(sheets_that_cannot_be_read_stop_everything),
        cmocka_unit_test(missing_sheets_stop_only_where_required),
        cmocka_unit_test(endless_cells_stop),
        cmocka_unit_test(empty_rosters_are_no_fault),
        cmocka_unit_test(rejected_rows_are_written_whole),
        cmocka_unit_test(reasons_show_nobody),
        cmocka_unit_test(the_digest_is_the_folder_s),
        cmocka_unit_test(samples_are_counted_as_expected),
    };

    assert_non_null(setlocale(LC_CTYPE, "C.UTF-8"));
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
