using System.Globalization;

namespace ChainCrm.Domain.Programmes.EarningRules;

/// <summary>Reads the conditions of one rule, and notes which facts they ask for.</summary>
/// <param name="words">Tiers and tags that conditions may name.</param>
internal sealed class ConditionReader(ConditionWords words)
{
    private int _count;

    public bool AskPlace { get; private set; }

    public bool AskTime { get; private set; }

    /// <summary>The tags that are asked for.</summary>
    public List<string> AskTags { get; } = [];

    /// <summary>One condition and all below it. A mistake is refused at its place; what is returned then is of no use.</summary>
    public Condition Read(ProgrammeDocument section, int level = 1)
    {
        if (level > Limits.ConditionLevelsMax || ++_count > Limits.ConditionsMax)
        {
            section.Refuse(ProgrammeRejections.ConditionTooLarge);
            section.Ignore();
            return Always.Instance;
        }

        var condition = ReadKind(section, level);
        section.End();
        return condition;
    }

    /// <summary>What can be asked once for the receipt, and what must be asked of each line.</summary>
    public static (Condition OfReceipt, Condition OfLine) Split(Condition when)
    {
        if (!when.AsksLine) return (when, Always.Instance);
        if (when is not All all) return (Always.Instance, when);
        return (new All([.. all.Of.Where(static condition => !condition.AsksLine)]), new All([.. all.Of.Where(static condition => condition.AsksLine)]));
    }

    private Condition ReadKind(ProgrammeDocument section, int level)
    {
        if (section.Has("all")) return new All(ReadList(section, "all", level));
        if (section.Has("any")) return new Any(ReadList(section, "any", level));
        if (section.Has("not")) return new Not(Read(section.Section("not"), level + 1));
        if (section.Has("fact")) return ReadFact(section);
        section.Refuse(ProgrammeRejections.ConditionUnknown);
        section.Ignore();
        return Always.Instance;
    }

    private Condition[] ReadList(ProgrammeDocument section, string name, int level) =>
        [.. (section.List(name, 1, Limits.ConditionsMax, ProgrammeRejections.ListLengthInvalid) ?? []).Select(item => Read(item, level + 1))];

    private Condition ReadFact(ProgrammeDocument section)
    {
        var fact = section.Choice("fact", "tier", "store", "region", "city", "channel", "weekday", "product", "category", "brand", "tag", "day", "time", "crossStore");
        switch (fact)
        {
            case "day":
                var (from, to) = (section.DayOrNull("from"), section.DayOrNull("to"));
                if (from is null && to is null) section.Refuse(ProgrammeRejections.FieldMissing, "from");
                if (from > to) section.Refuse(ProgrammeRejections.RangeEmpty, "to");
                return new DayBetween(from, to);
            case "time":
                AskTime = true;
                var (first, last) = (Minute(section, "from"), Minute(section, "to"));
                if (first == last) section.Refuse(ProgrammeRejections.RangeEmpty, "to");
                return new TimeBetween(first, last);
            case "tag":
                var tags = section.Texts("in", 1, Limits.ConditionValuesMax, words.KnowsTag, ProgrammeRejections.TagUnknown);
                AskTags.AddRange(tags);
                return new HasTag(tags);
            case "crossStore":
                return new CrossStoreIs(section.Flag("is", null));
            default:
                return ReadOneOf(section, fact);
        }
    }

    private OneOf ReadOneOf(ProgrammeDocument section, string name)
    {
        var fact = Enum.Parse<Fact>(name, ignoreCase: true);
        AskPlace |= fact is Fact.Region or Fact.City;
        var (fits, wrong) = fact switch
        {
            Fact.Tier => (words.KnowsTier, ProgrammeRejections.TierUnknown),
            Fact.Store => (static text => IdRules.IsValid(new StoreId(text)), ProgrammeRejections.TextInvalid),
            Fact.Product => (static text => IdRules.IsValid(new ProductId(text)), ProgrammeRejections.TextInvalid),
            Fact.Weekday => (static text => text is "mon" or "tue" or "wed" or "thu" or "fri" or "sat" or "sun", ProgrammeRejections.ChoiceUnknown),
            _ => ((Func<string, bool>)TextRules.IsText, ProgrammeRejections.TextInvalid),
        };
        return new OneOf(fact, section.Texts("in", 1, Limits.ConditionValuesMax, fits, wrong));
    }

    private static int Minute(ProgrammeDocument section, string name)
    {
        var text = section.Text(name, 5, static text => TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out _));
        return text.Length == 0 ? 0 : (int)TimeOnly.ParseExact(text, "HH:mm", CultureInfo.InvariantCulture).ToTimeSpan().TotalMinutes;
    }
}
