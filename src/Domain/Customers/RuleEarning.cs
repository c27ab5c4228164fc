using ChainCrm.Domain.Programmes.EarningRules;

namespace ChainCrm.Domain.Customers;

/// <summary>What became of a rule.</summary>
public enum RuleVerdict
{
    /// <summary>It gave all.</summary>
    Given,
    /// <summary>It gave what a cap left.</summary>
    Reduced,
    /// <summary>A cap left nothing.</summary>
    Capped,
    /// <summary>Another rule of its group gives more.</summary>
    OtherWon,
    /// <summary>A condition does not hold.</summary>
    NotMet,
    /// <summary>No line matches.</summary>
    NoLine,
    /// <summary>The lines that match stay below a minimum.</summary>
    BelowMinimum,
    /// <summary>It would give less than one point.</summary>
    Nothing,
    /// <summary>It is switched off.</summary>
    Off,
}

/// <summary>What became of a rule, for the question why.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Verdict">What became of it.</param>
/// <param name="Points">What it gave.</param>
/// <param name="Withheld">What caps withheld.</param>
/// <param name="Room">What its caps left before; null without caps.</param>
/// <param name="Failing">The condition that does not hold.</param>
/// <param name="Matching">Amount of the lines that match.</param>
/// <param name="Lines">Places of the lines that match.</param>
public sealed record RuleOutcome(
    EarningRule Rule, RuleVerdict Verdict, Points Points, Points Withheld, Points? Room, Condition? Failing, Money Matching, IReadOnlyList<int> Lines);

/// <summary>Works out the earning rules of a sale, in their order (docs/domain/earning-rules.md).</summary>
internal static class RuleEarning
{
    private const int MinorPerUnit = 100;
    private const int PointsScale = 10_000;
    private const int PercentScale = 100;
    private const int MilliPerItem = 1_000;
    private const long NoCaps = -1;
    private const int MaskedLines = 64;

    /// <summary>What the rules give; adds it to what the lines earned.</summary>
    public static (Points Points, IReadOnlyList<RuleGrant> Grants) Work<TLines>(
        in SaleEarning terms, TLines lines, Span<LinePoints> parts, RuleOutcome[]? trace)
        where TLines : struct, ISoldLines
    {
        var rules = terms.Programme.Earning.Rules;
        Span<Candidate> candidates = stackalloc Candidate[rules.Count];
        var count = 0;
        for (var i = 0; i < rules.Count; i++)
        {
            var candidate = Try(terms, rules[i], lines, parts);
            candidate.Rule = i;
            if (candidate.Verdict == RuleVerdict.Given) candidates[count++] = candidate;
            else if (trace is not null) trace[i] = OutcomeOf(terms, lines, parts, candidate);
        }

        candidates = candidates[..count];
        Choose(candidates, rules);
        var (sum, grants) = (Points.Zero, count == 0 ? (RuleGrant[])[] : new RuleGrant[CountRecorded(candidates)]);
        var at = 0;
        foreach (ref readonly var candidate in candidates)
        {
            if (IsRecorded(candidate)) grants[at++] = GrantOf(rules[candidate.Rule], candidate);
            if (trace is not null) trace[candidate.Rule] = OutcomeOf(terms, lines, parts, candidate);
            if (candidate.Points == 0) continue;
            sum += new Points(candidate.Points);
            ShareOut(terms, rules[candidate.Rule], lines, parts, candidate);
        }

        return (sum, grants);
    }

    private static Candidate Try<TLines>(in SaleEarning terms, EarningRule rule, TLines lines, ReadOnlySpan<LinePoints> parts)
        where TLines : struct, ISoldLines
    {
        if (!rule.Enabled) return new Candidate { Verdict = RuleVerdict.Off, Room = NoCaps };
        if (!rule.OfReceipt.Holds(terms.Sale, default)) return new Candidate { Verdict = RuleVerdict.NotMet, Room = NoCaps };
        var found = Match(terms, rule, lines, parts);
        if (found.Net == 0) return found with { Verdict = RuleVerdict.NoLine };
        if (found.Amount < rule.MinimumAmount.Minor || found.Milli < rule.MinimumQuantity.Milli) return found with { Verdict = RuleVerdict.BelowMinimum };
        var wanted = Wanted(terms, rule.Give, found);
        if (wanted == 0) return found with { Verdict = RuleVerdict.Nothing };
        var (granted, room) = terms.Room.Fit(rule, new Points(wanted));
        return found with { Verdict = RuleVerdict.Given, Points = granted.Count, Withheld = wanted - granted.Count, Room = room?.Count ?? NoCaps };
    }

    private static Candidate Match<TLines>(in SaleEarning terms, EarningRule rule, TLines lines, ReadOnlySpan<LinePoints> parts)
        where TLines : struct, ISoldLines
    {
        var found = new Candidate { Room = NoCaps };
        for (var i = 0; i < parts.Length; i++)
        {
            ref readonly var part = ref parts[i];
            if (!Matches(terms, rule, lines, part, i)) continue;
            if (i < MaskedLines) found.Matching |= 1UL << i;
            found.Net += part.Net;
            found.Amount += part.Amount.Minor;
            found.Milli += part.Quantity.Milli;
        }

        return found;
    }

    // A line that costs nothing, or is paid in points whole, earns nothing.
    private static bool Matches<TLines>(in SaleEarning terms, EarningRule rule, TLines lines, in LinePoints part, int index)
        where TLines : struct, ISoldLines =>
        part.Net > 0 && (!rule.OfLine.AsksLine || rule.OfLine.Holds(terms.Sale, lines.FactsOf(index)));

    private static long Wanted(in SaleEarning terms, Give give, in Candidate found) => give.Kind switch
    {
        GiveKind.Multiply => Shares.Floor(
            found.Net, terms.Programme.PointsPerUnitE4 * terms.Multiplier.MultiplierPercent * (give.Value - PercentScale),
            (long)MinorPerUnit * PointsScale * PercentScale * PercentScale),
        GiveKind.PerUnit => Shares.Floor(found.Net, give.Value, (long)MinorPerUnit * PointsScale),
        GiveKind.PerItem => checked(give.Value * (found.Milli / MilliPerItem)),
        _ => give.Value,
    };

    /// <summary>Of each group the one that gives most stays; the others give nothing and use none of their room.</summary>
    private static void Choose(Span<Candidate> candidates, IReadOnlyList<EarningRule> rules)
    {
        for (var i = 0; i < candidates.Length; i++)
        {
            if (rules[candidates[i].Rule].Group is not { } group || candidates[i].Verdict == RuleVerdict.OtherWon) continue;
            var best = i;
            for (var other = i + 1; other < candidates.Length; other++)
            {
                if (rules[candidates[other].Rule].Group == group && candidates[other].Points > candidates[best].Points) best = other;
            }

            for (var other = i; other < candidates.Length; other++)
            {
                if (other == best || rules[candidates[other].Rule].Group != group) continue;
                // What a cap refused whole stays refused, also when a part comes back.
                ref var lost = ref candidates[other];
                (lost.Verdict, lost.Withheld, lost.Points) = (RuleVerdict.OtherWon, lost.Points == 0 ? lost.Withheld : 0, 0);
            }
        }
    }

    /// <summary>By cumulative floors of the net of the lines that match.</summary>
    private static void ShareOut<TLines>(in SaleEarning terms, EarningRule rule, TLines lines, Span<LinePoints> parts, in Candidate given)
        where TLines : struct, ISoldLines
    {
        var (netUpTo, pointsUpTo) = (0L, 0L);
        for (var i = 0; i < parts.Length; i++)
        {
            ref var part = ref parts[i];
            // Of most receipts the rule was asked about every line a moment ago.
            if (i < MaskedLines ? (given.Matching & (1UL << i)) == 0 : !Matches(terms, rule, lines, part, i)) continue;
            netUpTo += part.Net;
            var points = Shares.Floor(given.Points, netUpTo, given.Net);
            part.Earned += points - pointsUpTo;
            pointsUpTo = points;
        }
    }

    // One that lost to another of its group is recorded for its room: should a part come back, it may be the one that gives most.
    private static bool IsRecorded(in Candidate candidate) => candidate.Points > 0 || candidate.Withheld > 0 || candidate.Room >= 0;

    private static int CountRecorded(ReadOnlySpan<Candidate> candidates)
    {
        var count = 0;
        foreach (ref readonly var candidate in candidates)
        {
            if (IsRecorded(candidate)) count++;
        }

        return count;
    }

    private static RuleGrant GrantOf(EarningRule rule, in Candidate candidate) => new(
        rule.Id, new Points(candidate.Points), new Points(candidate.Withheld), candidate.Room < 0 ? null : new Points(candidate.Room),
        candidate.Points == 0 ? CapPeriods.None : rule.Counted);

    private static RuleOutcome OutcomeOf<TLines>(in SaleEarning terms, TLines lines, ReadOnlySpan<LinePoints> parts, in Candidate candidate)
        where TLines : struct, ISoldLines
    {
        var rule = terms.Programme.Earning.Rules[candidate.Rule];
        var verdict = candidate.Verdict == RuleVerdict.Given && candidate.Withheld > 0
            ? candidate.Points > 0 ? RuleVerdict.Reduced : RuleVerdict.Capped
            : candidate.Verdict;
        var matching = new List<int>();
        var failing = verdict == RuleVerdict.NotMet ? rule.OfReceipt.Failing(terms.Sale, default) : null;
        for (var i = 0; verdict is not (RuleVerdict.Off or RuleVerdict.NotMet) && i < parts.Length; i++)
        {
            if (Matches(terms, rule, lines, parts[i], i)) matching.Add(i);
            else if (verdict == RuleVerdict.NoLine) failing ??= rule.OfLine.Failing(terms.Sale, lines.FactsOf(i));
        }

        return new RuleOutcome(
            rule, verdict, new Points(candidate.Points), new Points(candidate.Withheld), candidate.Room < 0 ? null : new Points(candidate.Room), failing,
            new Money(candidate.Amount), matching);
    }

    /// <summary>A rule on its way: what it matched and what it would give.</summary>
    private record struct Candidate
    {
        public int Rule;
        public RuleVerdict Verdict;
        public long Net;
        public long Amount;
        public long Milli;
        public long Points;
        public long Withheld;
        /// <summary><see cref="NoCaps"/> without caps.</summary>
        public long Room;
        /// <summary>Which of the first <see cref="MaskedLines"/> lines match, the first in the lowest bit.</summary>
        public ulong Matching;
    }
}
