namespace ChainCrm.Domain.Customers;

// The windows that once reached a tier, as they stand after late sales and returns.
public sealed partial class CustomerState
{
    private void CountMeasures(in MeasureDay receipt, Money amount)
    {
        var counts = (_seldom ??= new Seldom()).Counts ??= new TierCounts();
        var visits = counts.Days.Add(receipt, LatestDay);
        AddToEvidence(receipt.Day, amount);
        // Windows from before anything was counted hold nothing of it.
        if (counts.Evidence.Length < _evidence.Length) counts.Evidence = new (Points, int)[_evidence.Length];
        var more = counts.Evidence;
        for (var i = 0; i < more.Length; i++)
        {
            if (_evidence[i].Holds(receipt.Day)) more[i] = (more[i].Points + receipt.Points, more[i].Visits + visits);
        }
    }

    private void AddToEvidence(BusinessDay day, Money amount)
    {
        for (var i = 0; i < _evidence.Length; i++)
        {
            if (_evidence[i].Holds(day)) _evidence[i] = _evidence[i] with { Spend = _evidence[i].Spend + amount };
        }
    }

    private void SetEvidence(SpendWindow window, Points? points, int? visits)
    {
        var place = 0;
        for (; place < _evidence.Length; place++)
        {
            if (_evidence[place].From == window.From && _evidence[place].To == window.To) break;
        }

        if (place == Limits.TierEvidenceMax)
        {
            place = 0;
            for (var i = 1; i < _evidence.Length; i++)
            {
                if (_evidence[i].To < _evidence[place].To) place = i;
            }
        }

        if (place == _evidence.Length) _evidence = [.. _evidence, window];
        else _evidence[place] = window;
        // Who never needed points or visits keeps no place for them.
        if (_seldom?.Counts is null && points is null) return;
        var counts = (_seldom ??= new Seldom()).Counts ??= new TierCounts();
        var more = counts.Evidence;
        if (more.Length < _evidence.Length) Array.Resize(ref more, _evidence.Length);
        more[place] = points is { } held ? (held, visits ?? 0) : counts.Days.Sum(window.From, window.To);
        counts.Evidence = more;
    }

    /// <summary>The tier was looked at: windows that ended before that day carry nothing any more.</summary>
    private void Looked(BusinessDay from, BusinessDay day, TierId? byRule)
    {
        var seldom = _seldom ??= new Seldom();
        (seldom.TierLookedFrom, seldom.TierSince, seldom.TierByRule) = (from, day, byRule);
        if (seldom.Counts is { } counts) counts.Evidence = [];
        _evidence = [];
    }
}
