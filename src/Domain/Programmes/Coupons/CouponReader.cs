using ChainCrm.Domain.Programmes.EarningRules;

namespace ChainCrm.Domain.Programmes.Coupons;

/// <summary>Reads the section <c>coupons</c> of a programme document.</summary>
internal sealed class CouponReader
{
    private const string DefaultCategory = "coupon";
    private static readonly string[] Periods = ["ever", "day", "month", "year"];
    private readonly ConditionWords _words;
    private readonly List<string> _askTags = [];
    private readonly List<CouponCategory> _categories = [];
    private bool _askPlace;
    private bool _askTime;

    private CouponReader(ConditionWords words) => _words = words;

    public static CouponTerms Read(ProgrammeDocument section, ConditionWords words) => new CouponReader(words).Read(section);

    private CouponTerms Read(ProgrammeDocument section)
    {
        ReadCategories(section);
        var kinds = new List<CouponKind>();
        foreach (var item in Items(section, "kinds", Limits.CouponKindsMax))
        {
            var kind = ReadKind(item, kinds.Count);
            if (kind.Id.Length > 0 && kinds.Exists(other => other.Id == kind.Id)) item.Refuse(ProgrammeRejections.CouponTwice, "id");
            if (kind.Codes is { } codes && kinds.Exists(other => other.Codes?.Batch == codes.Batch)) item.Refuse(ProgrammeRejections.CouponTwice, "codes");
            kinds.Add(kind);
        }

        var rules = new List<CouponRule>();
        foreach (var item in Items(section, "issue", Limits.CouponRulesMax))
        {
            var rule = ReadRule(item, kinds);
            if (rule.Id.Length > 0 && rules.Exists(other => other.Id == rule.Id)) item.Refuse(ProgrammeRejections.CouponTwice, "id");
            rules.Add(rule);
        }

        section.End();
        return new CouponTerms(_categories, kinds, rules, _askPlace, _askTime, _askTags);
    }

    private void ReadCategories(ProgrammeDocument section)
    {
        foreach (var item in Items(section, "categories", Limits.CouponCategoriesMax))
        {
            var id = item.Text("id", Limits.RuleIdLengthMax, IdRules.IsWord);
            if (id.Length > 0 && _categories.Exists(other => other.Id == id)) item.Refuse(ProgrammeRejections.CouponTwice, "id");
            _categories.Add(new CouponCategory(id, (int)item.Number("perReceipt", 1, Limits.CouponsPerReceiptMax, 1)));
            item.End();
        }

        if (_categories.Count == 0) _categories.Add(new CouponCategory(DefaultCategory, 1));
    }

    private CouponKind ReadKind(ProgrammeDocument section, int place)
    {
        var (ofReceipt, ofLine) = ReadWhen(section);
        var minimum = section.Section("minimum");
        var valid = section.Section("valid");
        var (first, last) = (valid.DayOrNull("from"), valid.DayOrNull("to"));
        if (first > last) valid.Refuse(ProgrammeRejections.RangeEmpty, "to");
        var kind = new CouponKind
        {
            Id = section.Text("id", Limits.RuleIdLengthMax, IdRules.IsWord),
            NameZh = section.Text("nameZh", Limits.TextLengthMax),
            NameEn = section.Text("nameEn", Limits.TextLengthMax),
            Enabled = section.Flag("enabled", true),
            Campaign = section.TextOrNull("campaign", Limits.RuleIdLengthMax, IdRules.IsWord),
            Give = ReadGive(section.Section("give")),
            OfReceipt = ofReceipt,
            OfLine = ofLine,
            MinimumAmount = new Money(minimum.Number("amountMinor", 0, Limits.AmountMinorMax, 0)),
            MinimumQuantity = new Quantity(minimum.Number("quantity", 0, Limits.QuantityMilliMax, 0, decimals: 3)),
            ReceiptMinimum = new Money(minimum.Number("receiptMinor", 0, Limits.AmountMinorMax, 0)),
            Days = (int?)valid.NumberOrNull("days", 1, Limits.CouponDaysMax, null),
            AfterDays = (int)valid.Number("afterDays", 0, Limits.CouponDaysMax, 0),
            FirstDay = first,
            LastDay = last,
            Category = ReadCategory(section),
            Alone = section.Flag("alone", false),
            PerReceipt = (int)section.Number("perReceipt", 1, Limits.CouponsPerReceiptMax, 1),
            PerCustomer = ReadPerCustomer(section),
            OnReturn = section.Choice("onReturn", "recheck", "share") == "share" ? CouponReturnPolicy.Share : CouponReturnPolicy.Recheck,
            Bearer = section.Choice("bearer", "headquarters", "issuer", "redeemer", "supplier") switch
            {
                "issuer" => CostBearer.Issuer,
                "redeemer" => CostBearer.Redeemer,
                "supplier" => CostBearer.Supplier,
                _ => CostBearer.Headquarters,
            },
            Codes = section.Has("codes") ? ReadCodes(section.Section("codes")) : null,
            Place = place,
        };
        minimum.End();
        valid.End();
        section.End();
        return kind;
    }

    private static CodeBatch ReadCodes(ProgrammeDocument section)
    {
        var codes = new CodeBatch((int)section.Number("batch", 1, Limits.CodeBatchMax, null), (int)section.Number("count", 1, Limits.CodesOfBatchMax, null));
        section.End();
        return codes;
    }

    private (Condition OfReceipt, Condition OfLine) ReadWhen(ProgrammeDocument section)
    {
        if (!section.Has("when")) return (Always.Instance, Always.Instance);
        var conditions = new ConditionReader(_words);
        var when = conditions.Read(section.Section("when"));
        _askPlace |= conditions.AskPlace;
        _askTime |= conditions.AskTime;
        _askTags.AddRange(conditions.AskTags);
        return ConditionReader.Split(when);
    }

    private int ReadCategory(ProgrammeDocument section)
    {
        if (section.TextOrNull("category", Limits.RuleIdLengthMax, IdRules.IsWord) is not { } name) return 0;
        var place = _categories.FindIndex(category => category.Id == name);
        if (place < 0) section.Refuse(ProgrammeRejections.CouponCategoryUnknown, "category");
        return Math.Max(0, place);
    }

    private static CouponGive ReadGive(ProgrammeDocument section)
    {
        if (!section.Has("kind")) section.Refuse(ProgrammeRejections.FieldMissing, "kind");
        const long items = Limits.CouponItemsMax;
        var give = section.Choice("kind", "amount", "percent", "perFull", "free", "second", "price") switch
        {
            "amount" => new CouponGive(CouponGiveKind.Amount, Minor(section, "minor")),
            "percent" => new CouponGive(CouponGiveKind.Percent, Percent(section), section.NumberOrNull("mostMinor", 1, Limits.AmountMinorMax, null) ?? 0),
            "perFull" => new CouponGive(
                CouponGiveKind.PerFull, Minor(section, "minor"), section.NumberOrNull("times", 1, items, null) ?? 0, Minor(section, "eachMinor")),
            "free" => new CouponGive(CouponGiveKind.Free, 0, section.Number("items", 1, items, 1)),
            "second" => new CouponGive(CouponGiveKind.Second, Percent(section), section.Number("pairs", 1, items, 1)),
            _ => new CouponGive(CouponGiveKind.Price, section.Number("minor", 0, Limits.AmountMinorMax, null), section.Number("items", 1, items, 1)),
        };
        section.End();
        return give;
    }

    private static long Minor(ProgrammeDocument section, string name) => section.Number(name, 1, Limits.AmountMinorMax, null);

    private static long Percent(ProgrammeDocument section) => section.Number("percent", 1, 100, null);

    private static EarningCap? ReadPerCustomer(ProgrammeDocument kind)
    {
        if (!kind.Has("perCustomer")) return null;
        var section = kind.Section("perCustomer");
        var count = section.Number("count", 1, Limits.HeldCouponsMax, null);
        var per = section.Choice("per", Periods) switch { "day" => CapPeriod.Day, "month" => CapPeriod.Month, "year" => CapPeriod.Year, _ => CapPeriod.Ever };
        section.End();
        return new EarningCap(per, new Points(count), Refuses: true);
    }

    private CouponRule ReadRule(ProgrammeDocument section, List<CouponKind> kinds)
    {
        var on = section.Choice("on", "purchase", "enrolment", "tierReached", "topUp");
        var (ofReceipt, ofLine) = on == "purchase" ? ReadWhen(section) : (Always.Instance, Always.Instance);
        var rule = new CouponRule
        {
            Id = section.Text("id", Limits.RuleIdLengthMax, IdRules.IsWord),
            NameZh = section.Text("nameZh", Limits.TextLengthMax),
            NameEn = section.Text("nameEn", Limits.TextLengthMax),
            Enabled = section.Flag("enabled", true),
            On = on switch
            {
                "enrolment" => CouponOccasion.Enrolment,
                "tierReached" => CouponOccasion.TierReached,
                "topUp" => CouponOccasion.TopUp,
                _ => CouponOccasion.Purchase,
            },
            OfReceipt = ofReceipt,
            OfLine = ofLine,
            MinimumAmount = on is "purchase" or "topUp" ? new Money(section.Number("minimumMinor", 0, Limits.AmountMinorMax, 0)) : Money.Zero,
            Tier = on == "tierReached" ? ReadTier(section) : null,
            Kind = section.Text("kind", Limits.RuleIdLengthMax, IdRules.IsWord),
            Count = (int)section.Number("count", 1, Limits.CouponsAtOnceMax, 1),
        };
        if (rule.Kind.Length > 0 && !kinds.Exists(kind => kind.Id == rule.Kind)) section.Refuse(ProgrammeRejections.CouponKindUnknown, "kind");
        section.End();
        return rule;
    }

    private TierId? ReadTier(ProgrammeDocument section)
    {
        if (section.TextOrNull("tier", Limits.StoreIdLengthMax, static _ => true) is not { } id) return null;
        if (!_words.KnowsTier(id)) section.Refuse(ProgrammeRejections.TierUnknown, "tier");
        return new TierId(id);
    }

    private static IReadOnlyList<ProgrammeDocument> Items(ProgrammeDocument section, string name, int max) =>
        section.Has(name) ? section.List(name, 0, max, ProgrammeRejections.ListLengthInvalid) ?? [] : [];
}
