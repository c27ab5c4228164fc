namespace ChainCrm.Client.Verify;

/// <summary>The latest visits of one customer by time of sale; of the same time the one that came in last stands first.</summary>
internal sealed class LatestVisits
{
    private readonly List<(long At, string? Store)> _visits = new(ClientLimits.VerifyVisitsKept);

    public void Add(long at, string? store)
    {
        var place = _visits.FindIndex(visit => visit.At <= at);
        _visits.Insert(place < 0 ? _visits.Count : place, (at, store));
        if (_visits.Count > ClientLimits.VerifyVisitsKept) _visits.RemoveAt(_visits.Count - 1);
    }

    /// <summary>Where the customer had been before a time; null when nowhere, or too long ago for the card to say.</summary>
    public string? StoreBefore(long at)
    {
        foreach (var visit in _visits)
            if (visit.At <= at)
                return visit.Store;
        return null;
    }
}
