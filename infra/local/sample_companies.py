"""The two sample companies: pure data, told as they would tell it themselves."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Unit:
    """A unit of the organisation tree."""

    key: str
    name: str
    kind: str
    parent: str | None = None


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody who works there, known by `key` within the sample."""

    key: str
    name: str
    role: str
    unit: str | None


@dataclass(frozen=True, kw_only=True)
class Story:
    """A lead and how far it got: `goal` is pooled, held, a stage, won or lost."""

    key: str
    company: str
    industry: str
    contact: str
    title: str
    source: str
    need: str
    amount: int
    product: str
    goal: str = "pooled"
    rep: str | None = None
    done: tuple[tuple[str, str], ...] = ()
    deal: str = ""
    lost_reason: str = ""


@dataclass(frozen=True, kw_only=True)
class PastDeal:
    """A deal closed before the company came to us: how many days before, and for how much."""

    key: str
    name: str
    account: str
    rep: str
    product: str
    amount: int
    days_ago: int
    won: bool = True
    lost_reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Sample:
    """A sample company; amounts are whole units of its currency."""

    slug: str
    name: str
    currency: str
    locale: str
    timezone: str
    country: str
    units: tuple[Unit, ...]
    people: tuple[Person, ...]
    products: tuple[tuple[str, str, int], ...]
    accounts: tuple[tuple[str, str, str], ...]
    stories: tuple[Story, ...]
    past: tuple[PastDeal, ...] = field(default=())


ACME = Sample(
    slug="acme",
    name="Acme Marine Systems",
    currency="USD",
    locale="en",
    timezone="America/New_York",
    country="US",
    units=(
        Unit(key="west", name="West", kind="region"),
        Unit(key="east", name="East", kind="region"),
        Unit(key="harbour", name="Harbour Team", kind="team", parent="west"),
        Unit(key="desk", name="Inside Sales", kind="department"),
    ),
    people=(
        Person(key="admin", name="Ada Sterling", role="tenant_admin", unit=None),
        Person(key="marcus", name="Marcus Hale", role="executive", unit=None),
        Person(key="nora", name="Nora Whitfield", role="sales_manager", unit="west"),
        Person(key="ben", name="Ben Carter", role="sales_rep", unit="harbour"),
        Person(key="lucia", name="Lucia Romero", role="sales_rep", unit="east"),
        Person(key="priya", name="Priya Nair", role="inside_sales", unit="desk"),
        Person(key="owen", name="Owen Blake", role="presales_engineer", unit="harbour"),
        Person(key="grace", name="Grace Kim", role="finance", unit=None),
    ),
    products=(
        ("sonar", "DeepView Sonar", 48_000),
        ("buoy", "Sentinel Buoy Network", 125_000),
        ("fleet", "FleetWatch Licence", 9_600),
    ),
    accounts=(
        ("northwind", "Northwind Ferries", "transport"),
        ("bluewater", "Bluewater Aquaculture", "food"),
        ("cascade", "Cascade Offshore Wind", "energy"),
    ),
    stories=(
        Story(key="l1", company="Pacific Tug & Barge", industry="transport", contact="Helen Ortiz",
              title="Fleet Director",
              source="trade fair", need="Track 40 tugs on one screen.", amount=86_000, product="fleet", rep="ben",
              goal="won", deal="FleetWatch for 40 tugs",
              done=(("meeting", "Walked the harbour with Helen; two systems to replace."),
                    ("call", "Budget is approved."))),
        Story(key="l2", company="Golden Gate Pilots", industry="transport", contact="Sam Whitaker",
              title="Chief Pilot",
              source="referral", need="See the channel floor after storms.", amount=96_000, product="sonar",
              rep="ben",
              goal="negotiation", deal="Channel survey sonar",
              done=(("visit", "Demonstration on board, fog and all."),)),
        Story(key="l3", company="Atlantic Shellfish Co-op", industry="food", contact="Maeve O'Connor",
              title="Operations",
              source="website", need="Water quality alarms for nine beds.", amount=140_000, product="buoy",
              rep="lucia",
              goal="proposal", deal="Nine-bed buoy network",
              done=(("call", "Lost a harvest in June; wants alarms before spring."),)),
        Story(key="l4", company="Chesapeake Research Trust", industry="science", contact="Dr. Paul Lindqvist",
              title="Head of Surveys", source="conference", need="Sonar for two vessels.", amount=99_000,
              product="sonar",
              rep="lucia", goal="engaging", deal="Two-vessel sonar", done=(("mail", "Sent the data sheets."),)),
        Story(key="l5", company="Port of Tacoma", industry="public", contact="Denise Park", title="Harbour Master",
              source="tender", need="Buoys along the new breakwater.", amount=310_000, product="buoy", rep="ben",
              goal="lost", deal="Breakwater buoys", lost_reason="The tender went to the lowest bid.",
              done=(("meeting", "Bidders' conference; seven competitors."),)),
        Story(key="l6", company="Keystone Dredging", industry="construction", contact="Rob Fields", title="Owner",
              source="cold call", need="Depth after each pass.", amount=45_000, product="sonar", rep="lucia",
              goal="prospecting", deal="Dredge depth check", done=(("call", "Curious, asks for a price."),)),
        Story(key="l7", company="Lighthouse Yacht Club", industry="leisure", contact="Ingrid Sund", title="Commodore",
              source="website", need="Weather at the outer mark.", amount=12_000, product="fleet", rep="ben",
              goal="held",
              done=(("note", "Call again after the regatta."),)),
        Story(key="l8", company="Gulfstream Logistics", industry="transport", contact="Andre Boone", title="COO",
              source="website", need="Positions of 15 barges.", amount=30_000, product="fleet"),
        Story(key="l9", company="Maine Lobster Alliance", industry="food", contact="Kit Barlow", title="Chair",
              source="referral", need="Find lost gear.", amount=22_000, product="sonar"),
    ),
    past=(
        PastDeal(key="p1", name="Ferry fleet licence", account="northwind", rep="ben", product="fleet", amount=57_600,
                 days_ago=300),
        PastDeal(key="p2", name="Salmon pen buoys", account="bluewater", rep="lucia", product="buoy", amount=118_000,
                 days_ago=215),
        PastDeal(key="p3", name="Turbine field survey", account="cascade", rep="ben", product="sonar", amount=144_000,
                 days_ago=130),
        PastDeal(key="p4", name="Second ferry line", account="northwind", rep="ben", product="fleet", amount=28_800,
                 days_ago=60),
        PastDeal(key="p5", name="Cable route sonar", account="cascade", rep="lucia", product="sonar", amount=96_000,
                 days_ago=95, won=False, lost_reason="Project postponed to next year."),
    ),
)  # fmt: skip

GLOBEX = Sample(
    slug="globex",
    name="环海装备科技有限公司",
    currency="CNY",
    locale="zh-CN",
    timezone="Asia/Shanghai",
    country="CN",
    units=(
        Unit(key="east", name="华东大区", kind="region"),
        Unit(key="south", name="华南大区", kind="region"),
        Unit(key="shanghai", name="上海一组", kind="team", parent="east"),
        Unit(key="market", name="市场部", kind="department"),
    ),
    people=(
        Person(key="admin", name="林静怡", role="tenant_admin", unit=None),
        Person(key="zhao", name="赵国强", role="executive", unit=None),
        Person(key="chen", name="陈海峰", role="sales_manager", unit="east"),
        Person(key="wang", name="王丽", role="sales_rep", unit="shanghai"),
        Person(key="huang", name="黄志明", role="sales_rep", unit="south"),
        Person(key="sun", name="孙晓梅", role="inside_sales", unit="market"),
        Person(key="zhou", name="周文博", role="marketing", unit="market"),
        Person(key="wu", name="吴敏", role="finance", unit=None),
    ),
    products=(
        ("crane", "港口起重机控制系统", 860_000),
        ("agv", "无人集卡调度平台", 1_280_000),
        ("monitor", "设备健康监测服务", 168_000),
    ),
    accounts=(
        ("ningbo", "宁波远洋港务集团", "港口"),
        ("xiamen", "厦门海天物流", "物流"),
        ("dalian", "大连重工船厂", "造船"),
    ),
    stories=(
        Story(key="l1", company="青岛前湾码头有限公司", industry="港口", contact="刘建国", title="设备部部长",
              source="展会",
              need="更新八台岸桥的控制系统。", amount=6_880_000, product="crane", rep="wang", goal="won",
              deal="青岛前湾岸桥控制系统改造",
              done=(("visit", "现场勘察八台岸桥，确认改造范围。"), ("meeting", "技术交流会，客户认可方案。"))),
        Story(key="l2", company="苏州工业园物流中心", industry="物流", contact="徐芳", title="副总经理",
              source="转介绍",
              need="园区内二十台无人集卡统一调度。", amount=2_560_000, product="agv", rep="wang", goal="negotiation",
              deal="苏州园区无人集卡调度", done=(("call", "明确了上线时间和预算。"),)),
        Story(key="l3", company="广州南沙港务", industry="港口", contact="何伟", title="总工程师", source="招标",
              need="场桥远程操控。", amount=3_440_000, product="crane", rep="huang", goal="proposal",
              deal="南沙场桥远程操控", done=(("meeting", "参加答疑会，记录二十三项需求。"),)),
        Story(key="l4", company="深圳盐田拖轮公司", industry="港口", contact="梁晓东", title="机务经理",
              source="官网",
              need="拖轮主机状态监测。", amount=504_000, product="monitor", rep="huang", goal="engaging",
              deal="盐田拖轮健康监测", done=(("mail", "已发送方案简介。"),)),
        Story(key="l5", company="舟山船舶修造厂", industry="造船", contact="郑明", title="厂长", source="展会",
              need="船坞起重机改造。", amount=1_720_000, product="crane", rep="wang", goal="lost",
              deal="舟山船坞起重机改造", lost_reason="客户决定由集团统一采购。",
              done=(("visit", "拜访厂长，了解船坞现状。"),)),
        Story(key="l6", company="东莞虎门集装箱", industry="物流", contact="叶青", title="运营总监", source="电话",
              need="提升集卡周转效率。", amount=1_280_000, product="agv", rep="huang", goal="prospecting",
              deal="虎门集卡调度", done=(("call", "初次沟通，约下周拜访。"),)),
        Story(key="l7", company="连云港新东方码头", industry="港口", contact="马超", title="信息科科长",
              source="官网",
              need="设备点检电子化。", amount=168_000, product="monitor", rep="wang", goal="held",
              done=(("note", "等客户年度预算下达后再联系。"),)),
        Story(key="l8", company="福州马尾造船", industry="造船", contact="谢琳", title="采购经理", source="展会",
              need="龙门吊监测。", amount=336_000, product="monitor"),
        Story(key="l9", company="海口秀英港", industry="港口", contact="符海", title="副主任", source="转介绍",
              need="滚装码头车辆调度。", amount=1_280_000, product="agv"),
    ),
    past=(
        PastDeal(key="p1", name="宁波岸桥一期", account="ningbo", rep="wang", product="crane", amount=5_160_000,
                 days_ago=290),
        PastDeal(key="p2", name="厦门堆场无人集卡", account="xiamen", rep="huang", product="agv", amount=2_560_000,
                 days_ago=200),
        PastDeal(key="p3", name="大连船厂设备监测", account="dalian", rep="wang", product="monitor", amount=672_000,
                 days_ago=120),
        PastDeal(key="p4", name="宁波岸桥二期", account="ningbo", rep="wang", product="crane", amount=3_440_000,
                 days_ago=45),
        PastDeal(key="p5", name="厦门冷库调度", account="xiamen", rep="huang", product="agv", amount=1_280_000,
                 days_ago=80, won=False, lost_reason="客户选择自建系统。"),
    ),
)  # fmt: skip
