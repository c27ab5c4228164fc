using ChainCrm.Domain.Programmes.EarningRules;

namespace ChainCrm.Domain.Programmes.Pricing;

/// <summary>Reads <c>memberPrices</c> and <c>earlyAccess</c> of a programme document.</summary>
internal sealed class PricingReader
{
    private readonly ConditionWords _words;
    private readonly List<string> _askTags = [];
    private bool _askPlace;
    private bool _askTime;

    private PricingReader(ConditionWords words) => _words = words;

    public static MemberPriceList ReadPrices(ProgrammeDocument root, ConditionWords words)
    {
        var reader = new PricingReader(words);
        var prices = Read(root, "memberPrices", Limits.MemberPricesMax, reader.ReadPrice, static price => price.Id);
        return new MemberPriceList(prices, reader._askPlace, reader._askTime, reader._askTags);
    }

    public static EarlyAccessList ReadEarlyAccess(ProgrammeDocument root, ConditionWords words)
    {
        var reader = new PricingReader(words);
        var access = Read(root, "earlyAccess", Limits.EarlyAccessMax, reader.ReadAccess, static access => access.Id);
        return new EarlyAccessList(access, reader._askPlace, reader._askTime, reader._askTags);
    }

    private static List<T> Read<T>(ProgrammeDocument root, string name, int max, Func<ProgrammeDocument, T> read, Func<T, string> idOf)
    {
        var items = new List<T>();
        if (!root.Has(name)) return items;
        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var section in root.List(name, 0, max, ProgrammeRejections.ListLengthInvalid) ?? [])
        {
            var item = read(section);
            if (idOf(item).Length > 0 && !ids.Add(idOf(item))) section.Refuse(ProgrammeRejections.RuleTwice, "id");
            items.Add(item);
        }

        return items;
    }

    private MemberPrice ReadPrice(ProgrammeDocument section)
    {
        var (ofReceipt, ofLine) = ConditionReader.Split(ReadCondition(section, "when"));
        var (kind, value) = ReadGive(section.Section("give"));
        var price = new MemberPrice
        {
            Id = section.Text("id", Limits.RuleIdLengthMax, IdRules.IsWord),
            NameZh = section.Text("nameZh", Limits.TextLengthMax),
            NameEn = section.Text("nameEn", Limits.TextLengthMax),
            Enabled = section.Flag("enabled", true),
            Kind = kind,
            Value = value,
            OnDiscounted = section.Flag("onDiscounted", true),
            OfReceipt = ofReceipt,
            OfLine = ofLine,
        };
        section.End();
        return price;
    }

    private static (MemberPriceKind Kind, long Value) ReadGive(ProgrammeDocument section)
    {
        if (!section.Has("kind")) section.Refuse(ProgrammeRejections.FieldMissing, "kind");
        var give = section.Choice("kind", "percent", "price") == "price"
            ? (MemberPriceKind.Price, section.Number("minor", 0, Limits.AmountMinorMax, null))
            : (MemberPriceKind.Percent, section.Number("percent", 1, 100, null));
        section.End();
        return give;
    }

    private EarlyAccess ReadAccess(ProgrammeDocument section)
    {
        if (!section.Has("goods")) section.Refuse(ProgrammeRejections.FieldMissing, "goods");
        if (section.DayOrNull("publicFrom") is not { } publicFrom)
        {
            section.Refuse(ProgrammeRejections.FieldMissing, "publicFrom");
            publicFrom = Limits.EarliestDay;
        }

        var access = new EarlyAccess
        {
            Id = section.Text("id", Limits.RuleIdLengthMax, IdRules.IsWord),
            NameZh = section.Text("nameZh", Limits.TextLengthMax),
            NameEn = section.Text("nameEn", Limits.TextLengthMax),
            Enabled = section.Flag("enabled", true),
            Goods = ReadCondition(section, "goods"),
            Who = ReadCondition(section, "who"),
            EarlyFrom = section.DayOrNull("earlyFrom"),
            PublicFrom = publicFrom,
        };
        if (access.EarlyFrom >= access.PublicFrom) section.Refuse(ProgrammeRejections.RangeEmpty, "publicFrom");
        section.End();
        return access;
    }

    private Condition ReadCondition(ProgrammeDocument section, string name)
    {
        if (!section.Has(name)) return Always.Instance;
        var conditions = new ConditionReader(_words);
        var condition = conditions.Read(section.Section(name));
        _askPlace |= conditions.AskPlace;
        _askTime |= conditions.AskTime;
        _askTags.AddRange(conditions.AskTags);
        return condition;
    }
}
