namespace ChainCrm.Grains.Wall;

/// <summary>How many customers went from one store to another.</summary>
internal sealed class WallFlowCount(string from, string to)
{
    public string From => from;
    public string To => to;
    public long Count;

    /// <summary>Place among the top flows; -1 when not there.</summary>
    public int Rank = -1;
}

/// <summary>The largest flows, kept in order as counts grow: counts never shrink, so one that is not here can only come in by growing itself.</summary>
internal sealed class TopFlows
{
    private readonly List<WallFlowCount> _top = new(GrainLimits.WallFlowsShown);

    /// <summary>Largest first; among equals by name, so that a restart shows the same list.</summary>
    public IReadOnlyList<(string From, string To, long Count)> ToList() => [.. _top.Select(flow => (flow.From, flow.To, flow.Count))];

    /// <summary>Puts a flow that has grown at its place; true when the list changed.</summary>
    public bool Rank(WallFlowCount flow)
    {
        if (flow.Rank < 0)
        {
            if (_top.Count < GrainLimits.WallFlowsShown)
            {
                _top.Add(flow);
            }
            else if (IsBefore(flow, _top[^1]))
            {
                _top[^1].Rank = -1;
                _top[^1] = flow;
            }
            else
            {
                return false;
            }

            flow.Rank = _top.Count - 1;
        }

        for (; flow.Rank > 0 && IsBefore(flow, _top[flow.Rank - 1]); flow.Rank--)
        {
            var passed = _top[flow.Rank - 1];
            _top[flow.Rank] = passed;
            passed.Rank = flow.Rank;
            _top[flow.Rank - 1] = flow;
        }

        return true;
    }

    private static bool IsBefore(WallFlowCount a, WallFlowCount b)
    {
        if (a.Count != b.Count) return a.Count > b.Count;
        var from = string.CompareOrdinal(a.From, b.From);
        return from != 0 ? from < 0 : string.CompareOrdinal(a.To, b.To) < 0;
    }
}
