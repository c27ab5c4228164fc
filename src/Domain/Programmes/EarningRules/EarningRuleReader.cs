namespace ChainCrm.Domain.Programmes.EarningRules;

/// <summary>Reads the section <c>earning</c> of a programme document.</summary>
internal static class EarningRuleReader
{
    private static readonly string[] Periods = ["purchase", "day", "month", "year", "ever"];

    public static EarningRuleList Read(ProgrammeDocument earning, ConditionWords words)
    {
        if (!earning.Has("rules"))
        {
            earning.End();
            return EarningRuleList.None;
        }

        var sections = earning.List("rules", 0, Limits.EarningRulesMax, ProgrammeRejections.RuleCountInvalid) ?? [];
        earning.End();
        var rules = new List<EarningRule>(sections.Count);
        var ids = new HashSet<string>(StringComparer.Ordinal);
        var (place, time, tags) = (false, false, new List<string>());
        foreach (var section in sections)
        {
            var conditions = new ConditionReader(words);
            var rule = ReadRule(section, conditions);
            if (rule.Id.Length > 0 && !ids.Add(rule.Id)) section.Refuse(ProgrammeRejections.RuleTwice, "id");
            rules.Add(rule);
            place |= conditions.AskPlace;
            time |= conditions.AskTime;
            tags.AddRange(conditions.AskTags);
        }

        return new EarningRuleList(rules, place, time, tags);
    }

    private static EarningRule ReadRule(ProgrammeDocument section, ConditionReader conditions)
    {
        var when = section.Has("when") ? conditions.Read(section.Section("when")) : Always.Instance;
        var (ofReceipt, ofLine) = ConditionReader.Split(when);
        var minimum = section.Section("minimum");
        var caps = ReadCaps(section);
        var rule = new EarningRule
        {
            Id = section.Text("id", Limits.RuleIdLengthMax, IdRules.IsWord),
            NameZh = section.Text("nameZh", Limits.TextLengthMax),
            NameEn = section.Text("nameEn", Limits.TextLengthMax),
            Enabled = section.Flag("enabled", true),
            OfReceipt = ofReceipt,
            OfLine = ofLine,
            MinimumAmount = new Money(minimum.Number("amountMinor", 0, Limits.AmountMinorMax, 0)),
            MinimumQuantity = new Quantity(minimum.Number("quantity", 0, Limits.QuantityMilliMax, 0, decimals: 3)),
            Give = ReadGive(section.Section("give")),
            Group = section.TextOrNull("group", Limits.RuleIdLengthMax, IdRules.IsWord),
            Caps = caps,
            Counted = caps.Aggregate(CapPeriods.None, static (counted, cap) => counted | cap.Counted),
        };
        minimum.End();
        section.End();
        return rule;
    }

    private static Give ReadGive(ProgrammeDocument section)
    {
        if (!section.Has("kind")) section.Refuse(ProgrammeRejections.FieldMissing, "kind");
        var kind = section.Choice("kind", "multiply", "perUnit", "perItem", "fixed");
        var give = kind switch
        {
            "multiply" => new Give(GiveKind.Multiply, section.Number("percent", 101, Limits.MultiplierPercentMax, null)),
            "perUnit" => new Give(GiveKind.PerUnit, section.Number("points", 1, Limits.PointsPerUnitMax * 10_000L, null, decimals: 4)),
            "perItem" => new Give(GiveKind.PerItem, section.Number("points", 1, Limits.RulePointsMax, null)),
            _ => new Give(GiveKind.Fixed, section.Number("points", 1, Limits.RulePointsMax, null)),
        };
        section.End();
        return give;
    }

    private static EarningCap[] ReadCaps(ProgrammeDocument rule)
    {
        if (!rule.Has("caps")) return [];
        var sections = rule.List("caps", 0, Periods.Length, ProgrammeRejections.ListLengthInvalid) ?? [];
        var caps = new EarningCap[sections.Count];
        for (var i = 0; i < caps.Length; i++)
        {
            var section = sections[i];
            if (!section.Has("per")) section.Refuse(ProgrammeRejections.FieldMissing, "per");
            var per = (CapPeriod)Array.IndexOf(Periods, section.Choice("per", Periods));
            var points = section.Number("points", 1, Limits.PointsMax, null);
            var refuses = section.Choice("over", "reduce", "refuse") == "refuse";
            section.End();
            if (caps.Take(i).Any(cap => cap.Per == per)) section.Refuse(ProgrammeRejections.CapTwice, "per");
            caps[i] = new EarningCap(per, new Points(points), refuses);
        }

        return caps;
    }
}
