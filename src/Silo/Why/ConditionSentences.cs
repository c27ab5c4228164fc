using System.Diagnostics;
using System.Globalization;
using ChainCrm.Domain.Programmes.EarningRules;

namespace ChainCrm.Silo.Why;

/// <summary>Conditions of earning rules as people say them.</summary>
internal sealed class ConditionSentences(Names names)
{
    private const int MinutesPerHour = 60;
    private static readonly string[] WeekdaysZh = ["周一", "周二", "周三", "周四", "周五", "周六", "周日"];
    private static readonly string[] WeekdaysEn = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
    private static readonly string[] WeekdayIds = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

    /// <summary>The condition, without a full stop.</summary>
    public Sentence Of(Condition condition) => condition switch
    {
        Always => new("总是", "always"),
        All all => Join(all.Of, " 且 ", " and "),
        Any any => Join(any.Of, " 或 ", " or "),
        Not not => Of(not.Of) is var inner ? new($"不满足（{inner.Zh}）", $"not ({inner.En})") : default,
        OneOf one => Of(one),
        HasTag tag => Of(tag),
        DayBetween days => Of(days),
        TimeBetween times => Of(times),
        CrossStoreIs { Is: true } => new("在归属门店以外购买", "bought in another store than the home store"),
        CrossStoreIs => new("在归属门店购买", "bought in the home store"),
        _ => throw new UnreachableException($"No sentence for {condition.GetType().Name}."),
    };

    private Sentence Join(IReadOnlyList<Condition> conditions, string zh, string en)
    {
        var parts = conditions.Select(part => part is All or Any && conditions.Count > 1 ? Bracket(Of(part)) : Of(part)).ToList();
        return new(string.Join(zh, parts.Select(static part => part.Zh)), string.Join(en, parts.Select(static part => part.En)));
    }

    private static Sentence Bracket(Sentence inner) => new($"（{inner.Zh}）", $"({inner.En})");

    private Sentence Of(OneOf one)
    {
        var values = ValuesOf(one);
        return one.Fact switch
        {
            Fact.Tier => new($"会员等级是 {values.Zh}", $"the tier is {values.En}"),
            Fact.Store => new($"门店是 {values.Zh}", $"the store is {values.En}"),
            Fact.Region => new($"地区是 {values.Zh}", $"the region is {values.En}"),
            Fact.City => new($"城市是 {values.Zh}", $"the city is {values.En}"),
            Fact.Channel => new($"渠道是 {values.Zh}", $"the channel is {values.En}"),
            Fact.Weekday => new($"在 {values.Zh}", $"on {values.En}"),
            Fact.Product => new($"商品是 {values.Zh}", $"the product is {values.En}"),
            Fact.Brand => new($"品牌是 {values.Zh}", $"the brand is {values.En}"),
            _ => new($"商品类目属于 {values.Zh}", $"the category is {values.En}"),
        };
    }

    private Sentence Of(HasTag one)
    {
        var values = Listed([.. one.Tags.Take(ApiLimits.ConditionValuesNamed).Select(names.Tag)], one.Tags.Count);
        return one.Tags.Count == 1 ? new($"会员带有标签 {values.Zh}", $"the member carries the tag {values.En}") : new($"会员带有标签 {values.Zh} 之一", $"the member carries the tag {values.En}");
    }

    private Sentence ValuesOf(OneOf one)
    {
        if (one.Fact == Fact.Weekday) return WeekdaysOf(one.Values);
        var named = one.Values.Take(ApiLimits.ConditionValuesNamed).Select(value => one.Fact switch
        {
            Fact.Tier => names.Tier(value),
            Fact.Store => new Sentence(names.Store(value), names.Store(value)),
            _ => new Sentence(value, value),
        }).ToList();
        return Listed(named, one.Values.Count);
    }

    private static Sentence Listed(List<Sentence> named, int count)
    {
        var more = count - named.Count;
        return new(
            string.Join("、", named.Select(static name => name.Zh)) + (more > 0 ? $" 等 {count} 项" : ""),
            string.Join(" or ", named.Select(static name => name.En)) + (more > 0 ? $" or {more} more" : ""));
    }

    private static Sentence WeekdaysOf(IReadOnlyList<string> values)
    {
        var days = WeekdayIds.Select((id, place) => (id, place)).Where(day => values.Contains(day.id)).Select(static day => day.place).ToList();
        if (days is [5, 6]) return new("周末", "a weekend day");
        if (days is [0, 1, 2, 3, 4]) return new("工作日", "a weekday");
        return new(string.Join("、", days.Select(static day => WeekdaysZh[day])), string.Join(" or ", days.Select(static day => WeekdaysEn[day])));
    }

    private static Sentence Of(DayBetween days) => (days.From, days.To) switch
    {
        ({ } from, { } to) when from == to => new($"在 {Names.Day(from)} 当天", $"on {Names.Day(from)}"),
        ({ } from, { } to) => new($"在 {Names.Day(from)} 至 {Names.Day(to)}", $"from {Names.Day(from)} to {Names.Day(to)}"),
        ({ } from, null) => new($"在 {Names.Day(from)} 及以后", $"from {Names.Day(from)} on"),
        (_, { } to) => new($"在 {Names.Day(to)} 及以前", $"until {Names.Day(to)}"),
        _ => new("任何日期", "on any day"),
    };

    private static Sentence Of(TimeBetween times)
    {
        var (from, to) = (Clock(times.FromMinute), Clock(times.ToMinute));
        return times.FromMinute < times.ToMinute
            ? new($"在 {from} 至 {to}", $"between {from} and {to}")
            : new($"在 {from} 至次日 {to}", $"between {from} and {to} the next day");
    }

    private static string Clock(int minute) => string.Create(CultureInfo.InvariantCulture, $"{minute / MinutesPerHour:00}:{minute % MinutesPerHour:00}");
}
