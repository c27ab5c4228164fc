namespace ChainCrm.Domain.Programmes;

/// <summary>Refusals of the programme, 400 to 499, in order of precedence.</summary>
public static class ProgrammeRejections
{
    public static readonly Rejection TooLong = new(400, "programme.too-long",
        "The document is too long.", "规则文档过长。");

    public static readonly Rejection NotJson = new(401, "programme.not-json",
        "The document is not a valid JSON object.", "规则文档不是有效的 JSON 对象。");

    public static readonly Rejection UnknownField = new(402, "programme.unknown-field",
        "This field is not known. Check its spelling.", "没有这个字段，请检查拼写。");

    public static readonly Rejection FieldTwice = new(403, "programme.field-twice",
        "This field appears twice.", "该字段重复出现。");

    public static readonly Rejection FieldMissing = new(404, "programme.field-missing",
        "This field is missing.", "缺少该字段。");

    public static readonly Rejection WrongType = new(405, "programme.wrong-type",
        "This field has a value of the wrong type.", "该字段的值类型不正确。");

    public static readonly Rejection TextInvalid = new(406, "programme.text-invalid",
        "This text is empty, too long, or holds characters that are not allowed here.", "该文本为空、过长或含有不允许的字符。");

    public static readonly Rejection NumberInvalid = new(407, "programme.number-invalid",
        "This number is out of range or has too many decimals.", "该数字超出范围或小数位过多。");

    public static readonly Rejection ChoiceUnknown = new(408, "programme.choice-unknown",
        "This value is not one of the allowed ones.", "该值不在可选范围内。");

    public static readonly Rejection DateInvalid = new(409, "programme.date-invalid",
        "This is not a date of the form yyyy-MM-dd from 1970 on.", "日期无效，应为 yyyy-MM-dd 格式且不早于 1970 年。");

    public static readonly Rejection TierCountInvalid = new(410, "programme.tier-count-invalid",
        "A programme has 1 to 20 tiers.", "会员等级数量应为 1 到 20 个。");

    public static readonly Rejection TierTwice = new(411, "programme.tier-twice",
        "Two tiers have the same id.", "会员等级编号重复。");

    public static readonly Rejection FirstTierNotZero = new(412, "programme.first-tier-not-zero",
        "The first tier must ask for nothing: set its spendMinor to 0, and leave out points and visits.", "第一个等级不能设门槛：消费门槛为 0，不填积分和到店次数。");

    public static readonly Rejection TiersNotAscending = new(413, "programme.tiers-not-ascending",
        "Each tier must ask for more than the one before it, and for no less of anything that both ask for.", "每个等级的门槛必须高于前一个等级，两级都有的条件不能更低。");

    public static readonly Rejection ExpiresBeforeActive = new(414, "programme.expires-before-active",
        "Points would expire before they can be spent.", "积分在生效之前就会过期。");

    public static readonly Rejection RuleCountInvalid = new(415, "programme.rule-count-invalid",
        "A programme has at most 100 earning rules.", "积分规则最多 100 条。");

    public static readonly Rejection RuleTwice = new(416, "programme.rule-twice",
        "Two earning rules have the same id.", "积分规则编号重复。");

    public static readonly Rejection ConditionUnknown = new(417, "programme.condition-unknown",
        "A condition is one of all, any, not and fact.", "条件只能是 all、any、not 或 fact 之一。");

    public static readonly Rejection ConditionTooLarge = new(418, "programme.condition-too-large",
        "The conditions of a rule have at most 5 levels and 64 parts.", "每条规则的条件最多 5 层、64 项。");

    public static readonly Rejection ListLengthInvalid = new(419, "programme.list-length-invalid",
        "This list is empty or too long.", "该列表为空或项目过多。");

    public static readonly Rejection NoteTooLong = new(420, "programme.note-too-long",
        "The note is too long.", "备注过长。");

    public static readonly Rejection VersionConflict = new(421, "programme.version-conflict",
        "Another version was published since you began. Load it and apply your change again.", "在您编辑期间已发布了新版本，请载入新版本后重新修改。");

    public static readonly Rejection TierUnknown = new(422, "programme.tier-unknown",
        "The programme has no tier of this id.", "规则中没有这个会员等级。");

    public static readonly Rejection CapTwice = new(423, "programme.cap-twice",
        "A rule has two caps for the same time.", "同一规则在同一周期内设置了两个上限。");

    public static readonly Rejection RangeEmpty = new(424, "programme.range-empty",
        "The end must come after the beginning.", "结束必须晚于开始。");

    public static readonly Rejection TopUpsNotAscending = new(425, "programme.top-ups-not-ascending",
        "Each step must need a larger top-up than the one before it.", "每一档的充值门槛必须高于前一档。");

    public static readonly Rejection CouponTwice = new(426, "programme.coupon-twice",
        "Two coupons, categories or coupon rules have the same id.", "优惠券、券类别或发券规则编号重复。");

    public static readonly Rejection CouponCategoryUnknown = new(427, "programme.coupon-category-unknown",
        "The programme has no category of coupons of this id.", "规则中没有这个券类别。");

    public static readonly Rejection CouponKindUnknown = new(428, "programme.coupon-kind-unknown",
        "The programme has no coupon of this id.", "规则中没有这种优惠券。");

    public static readonly Rejection NoticeTooEarly = new(429, "programme.notice-too-early",
        "The notice would come before the tier begins.", "降级提醒会早于等级开始的时间。");

    public static readonly Rejection MonthDayInvalid = new(430, "programme.month-day-invalid",
        "A day of the year is written MM-dd, like 06-30 or 12-31.", "日期应写作 MM-dd，例如 06-30 或 12-31。");

    public static readonly Rejection MonthDayTwice = new(431, "programme.month-day-twice",
        "A day of the year stands twice in the list.", "同一日期在列表中重复。");

    public static readonly Rejection TagTwice = new(440, "programme.tag-twice",
        "Two tags have the same id.", "标签编号重复。");

    public static readonly Rejection TagUnknown = new(441, "programme.tag-unknown",
        "The programme's dictionary has no tag of this id.", "标签字典中没有这个标签。");
}
