namespace ChainCrm.Domain.Programmes.EarningRules;

/// <summary>A condition of a rule: a tree over facts of the receipt and of one of its lines. Compiled once per version.</summary>
public abstract record Condition
{
    private protected Condition() { }

    /// <summary>It asks for something of a line, not only of the receipt.</summary>
    public abstract bool AsksLine { get; }

    /// <summary>Whether it holds.</summary>
    public abstract bool Holds(in SaleFacts sale, in LineFacts line);

    /// <summary>The part of it that does not hold, as small as can be told; null when it holds.</summary>
    public virtual Condition? Failing(in SaleFacts sale, in LineFacts line) => Holds(sale, line) ? null : this;
}

/// <summary>Holds for everything.</summary>
public sealed record Always : Condition
{
    public static Always Instance { get; } = new();
    public override bool AsksLine => false;
    public override bool Holds(in SaleFacts sale, in LineFacts line) => true;
}

/// <summary>All of them hold.</summary>
public sealed record All(IReadOnlyList<Condition> Of) : Condition
{
    private readonly Condition[] _of = [.. Of];

    public override bool AsksLine { get; } = Of.Any(static condition => condition.AsksLine);

    public override bool Holds(in SaleFacts sale, in LineFacts line)
    {
        foreach (var condition in _of)
        {
            if (!condition.Holds(sale, line)) return false;
        }

        return true;
    }

    public override Condition? Failing(in SaleFacts sale, in LineFacts line)
    {
        foreach (var condition in _of)
        {
            if (condition.Failing(sale, line) is { } failing) return failing;
        }

        return null;
    }
}

/// <summary>One of them holds.</summary>
public sealed record Any(IReadOnlyList<Condition> Of) : Condition
{
    private readonly Condition[] _of = [.. Of];

    public override bool AsksLine { get; } = Of.Any(static condition => condition.AsksLine);

    public override bool Holds(in SaleFacts sale, in LineFacts line)
    {
        foreach (var condition in _of)
        {
            if (condition.Holds(sale, line)) return true;
        }

        return false;
    }
}

/// <summary>It does not hold.</summary>
public sealed record Not(Condition Of) : Condition
{
    public override bool AsksLine => Of.AsksLine;
    public override bool Holds(in SaleFacts sale, in LineFacts line) => !Of.Holds(sale, line);
}

/// <summary>A fact is one of some values. A fact that nobody knows is none of them.</summary>
public sealed record OneOf(Fact Fact, IReadOnlyList<string> Values) : Condition
{
    private static readonly string[] Weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

    // 1 January 1970 was a Thursday.
    private const int DaysFromMonday = 3;

    // A set costs more than it saves where there are few.
    private const int FewValues = 8;
    private readonly string[] _values = [.. Values];
    private readonly HashSet<string>? _set = Values.Count > FewValues ? new HashSet<string>(Values, StringComparer.Ordinal) : null;

    public override bool AsksLine => Fact is Fact.Product or Fact.Category or Fact.Brand;

    public override bool Holds(in SaleFacts sale, in LineFacts line)
    {
        if (ValueOf(sale, line) is not { } value) return false;
        if (_set is not null) return _set.Contains(value);
        foreach (var one in _values)
        {
            if (string.Equals(one, value, StringComparison.Ordinal)) return true;
        }

        return false;
    }

    private string? ValueOf(in SaleFacts sale, in LineFacts line) => Fact switch
    {
        Fact.Tier => sale.Tier.Value,
        Fact.Store => sale.Store.Value,
        Fact.Region => sale.Region,
        Fact.City => sale.City,
        Fact.Channel => sale.Channel,
        Fact.Weekday => WeekdayOf(sale.Day),
        Fact.Product => line.Product.Value,
        Fact.Brand => line.Brand,
        _ => line.Category,
    };

    /// <summary>mon to sun.</summary>
    public static string WeekdayOf(BusinessDay day) => Weekdays[(((day.Number + DaysFromMonday) % 7) + 7) % 7];
}

/// <summary>The customer carries one of some tags.</summary>
public sealed record HasTag(IReadOnlyList<string> Tags) : Condition
{
    private readonly HashSet<string> _tags = new(Tags, StringComparer.Ordinal);

    public override bool AsksLine => false;

    public override bool Holds(in SaleFacts sale, in LineFacts line)
    {
        for (var i = 0; i < (sale.Tags?.Count ?? 0); i++)
        {
            if (_tags.Contains(sale.Tags![i])) return true;
        }

        return false;
    }
}

/// <summary>The business day is between two, both included.</summary>
public sealed record DayBetween(BusinessDay? From, BusinessDay? To) : Condition
{
    public override bool AsksLine => false;

    public override bool Holds(in SaleFacts sale, in LineFacts line) => !(sale.Day < From) && !(sale.Day > To);
}

/// <summary>The local time of day is from a minute, included, to another, not included; over midnight when the first is the later.</summary>
public sealed record TimeBetween(int FromMinute, int ToMinute) : Condition
{
    public override bool AsksLine => false;

    public override bool Holds(in SaleFacts sale, in LineFacts line)
    {
        if (sale.LocalMinute is not { } minute) return false;
        return FromMinute < ToMinute ? minute >= FromMinute && minute < ToMinute : minute >= FromMinute || minute < ToMinute;
    }
}

/// <summary>Bought in another store than the home store, or not.</summary>
public sealed record CrossStoreIs(bool Is) : Condition
{
    public override bool AsksLine => false;
    public override bool Holds(in SaleFacts sale, in LineFacts line) => sale.CrossStore == Is;
}
