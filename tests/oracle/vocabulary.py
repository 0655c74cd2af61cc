"""The words of a campaign folder: headers, values and who keeps which group."""

CITY = "130100"  # 石家庄市, whose figures and accounts stand in for every division's

# English header -> Chinese header (表头). Two files deviate, see HEADER_EXCEPTIONS.
CHINESE_HEADERS = {
    "code": "编号", "name": "名称", "province_administered": "省直管",
    "target_2019": "2019年任务", "target_2020": "2020年任务", "target_2021": "2021年任务",
    "date": "日期", "fund": "资金来源", "division": "行政区划代码", "amount": "金额",
    "document": "文号", "item": "补贴项目", "level": "等级", "rate": "比例", "from": "执行日期",
    "uscc": "统一社会信用代码", "kind": "类型", "insured": "参保",
    "designated_from": "定点起始", "designated_to": "定点截止", "account": "账号", "bank": "开户行",
    "certifies": "评价职业", "occupation": "职业编码", "hours": "课时", "urgent": "急需紧缺",
    "class_no": "班级编号", "provider": "培训单位", "project": "项目编号", "programme": "专项计划",
    "project_based": "项目制", "for_group": "面向人群", "start": "开班日期", "end": "结业日期",
    "capacity": "人数上限", "cost": "人均成本", "employer": "用人单位", "advance": "申请预拨",
    "id_number": "身份证号", "phone": "联系电话", "groups": "人员类别", "household": "户籍性质",
    "living_allowance": "低保", "insured_months": "失业保险缴费月数",
    "employed_months": "稳定就业月数", "absent": "缺勤人员", "certificate_kind": "证书类型",
    "certificate_no": "证书编号", "evaluator": "评价机构", "department": "部门",
    "group": "人员类别", "holds": "是否属实", "months": "月数",
}
HEADER_EXCEPTIONS = {("roster", "name"): "姓名"}

COLUMNS = {
    "divisions": "code name province_administered target_2019 target_2020 target_2021",
    "appropriations": "date fund division amount document",
    "standards": "division item level amount rate from document",
    "reference": "name division amount from",
    "institutions": "uscc name kind division insured designated_from designated_to account bank"
                    " certifies",
    "projects": "code name occupation level hours urgent",
    "classes": "class_no provider project division kind programme project_based for_group start"
               " end capacity cost employer advance",
    "roster": "class_no name id_number phone groups household living_allowance insured_months"
              " employed_months account",
    "attendance": "class_no date absent",
    "results": "class_no id_number certificate_kind level certificate_no date evaluator",
    "attestations": "department id_number group holds",
    "history": "id_number item date occupation level months",
}
COLUMNS = {sheet: names.split() for sheet, names in COLUMNS.items()}
REQUIRED_SHEETS = ("divisions", "appropriations", "institutions", "projects", "classes", "roster")
# The samples leave `rate` out: a standard's figure stands in `amount`, the percentage of
# pre_job_training in either. Every other column must be there (reading).
OPTIONAL_COLUMNS = {"standards": {"amount", "rate"}}

FUNDS = ("employment_subsidy", "unemployment_insurance", "skills_account", "local_talent",
         "industry")

BOOLEANS = {"true": True, "false": False, "是": True, "否": False}
HOUSEHOLDS = {"rural": "rural", "urban": "urban", "农村": "rural", "城镇": "urban"}


def _both(english, chinese):
    """A map that takes a word in either language to the English one."""
    names = english.split()
    return dict(zip(chinese.split(), names, strict=True)) | {name: name for name in names}


GROUPS = _both(
    "enterprise_employee rural_migrant school_leaver unemployed veteran hard_to_employ disabled"
    " zero_employment_family registered_poor poor_family college_graduate capacity_cut_worker"
    " farmer",
    "企业职工 农村转移就业劳动者 两后生 下岗失业人员 退役军人 就业困难人员 残疾人"
    " 零就业家庭成员 贫困劳动力 贫困家庭子女 高校毕业生 去产能失业人员 职业农民")

CLASS_KINDS = _both(
    "pre_job on_job transfer apprenticeship employment upgrade labour_preparation"
    " entrepreneurship technician work_as_training technical_education",
    "岗前培训 在岗培训 转岗转业培训 新型学徒制 就业技能培训 技能提升培训 劳动预备培训"
    " 创业培训 技师培训 以工代训 技工教育")

CERTIFICATES = _both(
    "qualification skill_level special_ability special_operation completion",
    "职业资格证书 职业技能等级证书 专项职业能力证书 特种作业操作证书 培训合格证书")
LEVELLED_CERTIFICATES = ("qualification", "skill_level")

INSTITUTION_KINDS = ("training", "vocational_school", "enterprise", "enterprise_school",
                     "cooperative", "poverty_workshop", "evaluation")

# The kind of employer (用人单位) that an institution counts as; other kinds employ nobody.
EMPLOYER_KINDS = {"enterprise": "enterprise", "enterprise_school": "enterprise",
                  "cooperative": "cooperative", "poverty_workshop": "poverty_workshop"}

# The department (部门) whose register decides a group.
KEEPERS = {
    "veteran": "veterans", "disabled": "disabled_federation",
    "registered_poor": "agriculture", "farmer": "agriculture",
    "school_leaver": "education", "college_graduate": "education",
    "poor_family": "civil_affairs",
    "rural_migrant": "human_resources", "unemployed": "human_resources",
    "hard_to_employ": "human_resources", "zero_employment_family": "human_resources",
    "capacity_cut_worker": "human_resources", "enterprise_employee": "human_resources",
}
DEPARTMENTS = ("human_resources", "education", "veterans", "disabled_federation", "agriculture",
               "civil_affairs", "womens_federation", "emergency_management", "finance")

REFERENCE_FIGURES = ("secondary_grant_monthly", "unemployment_benefit_min_monthly")
