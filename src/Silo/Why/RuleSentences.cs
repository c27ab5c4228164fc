using System.Diagnostics;
using ChainCrm.Domain.Customers;
using ChainCrm.Domain.Programmes.EarningRules;

namespace ChainCrm.Silo.Why;

/// <summary>What became of an earning rule, as people say it.</summary>
internal sealed class RuleSentences(Names names)
{
    private const decimal Percent = 100m;
    private const decimal PointsScale = 10_000m;
    private const decimal MilliPerItem = 1_000m;
    private readonly ConditionSentences _conditions = new(names);

    /// <summary>The word on the wire: given, reduced, capped, other-won, not-met, no-line, below-minimum, nothing, off.</summary>
    public static string CodeOf(RuleVerdict verdict) => verdict switch
    {
        RuleVerdict.Given => "given",
        RuleVerdict.Reduced => "reduced",
        RuleVerdict.Capped => "capped",
        RuleVerdict.OtherWon => "other-won",
        RuleVerdict.NotMet => "not-met",
        RuleVerdict.NoLine => "no-line",
        RuleVerdict.BelowMinimum => "below-minimum",
        RuleVerdict.Nothing => "nothing",
        RuleVerdict.Off => "off",
        _ => throw new UnreachableException($"No word for {verdict}."),
    };

    /// <summary>Why it gave what it gave.</summary>
    public Sentence Of(RuleOutcome outcome)
    {
        var because = Because(outcome);
        return new($"「{outcome.Rule.NameZh}」{because.Zh}", $"“{outcome.Rule.NameEn}”: {because.En}");
    }

    private Sentence Because(RuleOutcome outcome)
    {
        var (give, matching) = (GiveOf(outcome.Rule.Give), names.Money(outcome.Matching));
        var (points, withheld, room) = (Names.Number(outcome.Points.Count), Names.Number(outcome.Withheld.Count), Names.Number(outcome.Room?.Count ?? 0));
        return outcome.Verdict switch
        {
            RuleVerdict.Given => new($"符合条件的商品 {matching}，{give.Zh}，多得 {points} 分。", $"{matching} of matching goods, {give.En}: {points} points more."),
            RuleVerdict.Reduced => new(
                $"符合条件的商品 {matching}，{give.Zh}；上限只剩 {room} 分，多得 {points} 分，{withheld} 分未给。",
                $"{matching} of matching goods, {give.En}; its cap left {room}: {points} points more, {withheld} withheld."),
            RuleVerdict.Capped => new($"已达上限（剩余 {room} 分），{withheld} 分未给。", $"its cap (which left {room}) withheld {withheld} points."),
            RuleVerdict.OtherWon => new("同一互斥组中另一条规则给得更多，本条不重复给。", "another rule of its group gives more; only that one counts."),
            RuleVerdict.NotMet => Failing(outcome, "未满足：", "not met: "),
            RuleVerdict.NoLine => Failing(outcome, "没有符合条件的商品：", "no line matches: "),
            RuleVerdict.BelowMinimum => BelowMinimum(outcome, matching),
            RuleVerdict.Nothing => new("算下来不足 1 分。", "it comes to less than one point."),
            RuleVerdict.Off => new("规则已停用。", "the rule is switched off."),
            _ => throw new UnreachableException($"No sentence for {outcome.Verdict}."),
        };
    }

    private Sentence Failing(RuleOutcome outcome, string zh, string en)
    {
        // Goods that cost nothing match no rule; there is no condition to name then.
        if (outcome.Failing is not { } failing) return new("没有需要付款的商品。", "there are no goods to pay for.");
        var condition = _conditions.Of(failing);
        return new($"{zh}{condition.Zh}。", $"{en}{condition.En}.");
    }

    private Sentence BelowMinimum(RuleOutcome outcome, string matching)
    {
        if (outcome.Matching < outcome.Rule.MinimumAmount)
        {
            var least = names.Money(outcome.Rule.MinimumAmount);
            return new($"符合条件的商品 {matching}，未满 {least}。", $"{matching} of matching goods; it begins at {least}.");
        }

        var pieces = Names.Decimal(outcome.Rule.MinimumQuantity.Milli / MilliPerItem);
        return new($"符合条件的商品未满 {pieces} 件。", $"it begins at {pieces} matching items.");
    }

    /// <summary>What a rule gives.</summary>
    public static Sentence GiveOf(Give give) => give.Kind switch
    {
        GiveKind.Multiply => new($"积分 ×{Names.Decimal(give.Value / Percent)}", $"points ×{Names.Decimal(give.Value / Percent)}"),
        GiveKind.PerUnit => new($"每元另得 {Names.Decimal(give.Value / PointsScale)} 分", $"{Names.Decimal(give.Value / PointsScale)} points a unit of money"),
        GiveKind.PerItem => new($"每件另得 {Names.Number(give.Value)} 分", $"{Names.Number(give.Value)} points an item"),
        _ => new($"每单另得 {Names.Number(give.Value)} 分", $"{Names.Number(give.Value)} points a purchase"),
    };
}
