namespace ChainCrm.Domain.Customers;

// The windows that once reached a tier, as they stand after late sales and returns.
public sealed partial class CustomerState
{
    private void CountMeasures(in MeasureDay receipt, Money amount)
    {
        var visits = (_seldom ??= new Seldom()).Measured.Add(receipt, LatestDay);
        AddToEvidence(receipt.Day, amount);
        if (_evidence.Length == 0) return;
        // Windows from before anything was counted hold nothing of it.
        var more = _seldom.EvidenceMeasures ??= new (Points, int)[_evidence.Length];
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
                if (_evidence[i].Spend < _evidence[place].Spend) place = i;
            }
        }

        if (place == _evidence.Length) _evidence = [.. _evidence, window];
        else _evidence[place] = window;
        if (_seldom is null or { EvidenceMeasures: null, Measured.All.IsEmpty: true } && points is null) return;
        // Window by window, so that who never needed points or visits keeps no place for them.
        var more = (_seldom ??= new Seldom()).EvidenceMeasures ?? [];
        if (more.Length < _evidence.Length) Array.Resize(ref more, _evidence.Length);
        more[place] = points is { } held ? (held, visits ?? 0) : _seldom.Measured.Sum(window.From, window.To);
        _seldom.EvidenceMeasures = more;
    }

    private void ForgetWindowsBefore(BusinessDay day)
    {
        var seldom = _seldom ??= new Seldom();
        (seldom.TierSince, seldom.EvidenceMeasures) = (day, null);
        _evidence = [];
    }
}
