using System.Text.Json;
using ChainCrm.Journal;

namespace ChainCrm.Simulation;

/// <summary>Who holds which identity, by the identities' own streams and by what the customers list.</summary>
internal sealed class IdentityBook(SimClock clock, Action<string> say)
{
    /// <summary>After so long somebody looks after an identity that was given up and not released, milliseconds.</summary>
    private const long WatchMs = 120_000;
    private readonly Dictionary<string, (string? Holder, bool IsConfirmed, long Until)> _held = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<string>> _listed = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _givenUpMs = new(StringComparer.Ordinal);

    public int Reservations { get; private set; }

    public int Releases { get; private set; }

    public void Add(JournalEntry entry, string name, JsonElement data)
    {
        switch (name)
        {
            case "identity.reserved.1":
                Reservations++;
                Take(entry.Stream, data.Text("customer")!, isConfirmed: false, data.Number("until"));
                break;
            case "identity.confirmed.1":
                if (_held.GetValueOrDefault(entry.Stream).Holder is null)
                    say($"{entry.Stream} is confirmed for {data.Text("customer")} though nobody had reserved it");
                Take(entry.Stream, data.Text("customer")!, isConfirmed: true, 0);
                break;
            case "identity.released.1":
                Releases++;
                if (_held.GetValueOrDefault(entry.Stream).Holder != data.Text("customer"))
                    say($"{entry.Stream} is released by {data.Text("customer")}, who does not hold it");
                _held[entry.Stream] = (null, false, 0);
                break;
            case "customer.enrolled.1" or "customer.profile-changed.1":
                List(entry, data);
                break;
            default:
                // Nothing about who is who.
                break;
        }
    }

    /// <summary>Everything had time to end: nothing is only reserved, and both sides say the same.</summary>
    public void CheckEnd()
    {
        foreach (var (identity, (holder, isConfirmed, until)) in _held)
        {
            if (holder is null)
                continue;
            // A clock that was set back by hours makes a reservation last as much longer.
            if (!isConfirmed && until < clock.NowMs - SimulationLimits.WakeAfterTroubleMsMax)
                say($"{identity} is still only reserved for {holder}: neither confirmed nor released");
            else if (isConfirmed && _listed.GetValueOrDefault(Customer(identity, holder))?.Contains(identity) != true
                && _givenUpMs.GetValueOrDefault(identity) < clock.NowMs - WatchMs - SimulationLimits.WakeAfterTroubleMsMax)
                say($"{identity} is confirmed for {holder}, who does not have it");
        }

        foreach (var (customer, list) in _listed)
            foreach (var identity in list)
                if (_held.GetValueOrDefault(identity) is var held && (held.Holder is null || Customer(identity, held.Holder) != customer))
                    say($"{customer} has {identity}, which is held by {held.Holder ?? "nobody"}");
    }

    private void Take(string identity, string customer, bool isConfirmed, long until)
    {
        if (_held.GetValueOrDefault(identity).Holder is { } holder && holder != customer)
            say($"{identity} goes to {customer} while {holder} has it");
        _held[identity] = (customer, isConfirmed, until);
    }

    private void List(JournalEntry entry, JsonElement data)
    {
        var customer = entry.Stream;
        var list = new HashSet<string>(StringComparer.Ordinal);
        foreach (var identity in data.List("identities"))
            list.Add(Identity(customer, identity));
        _listed[customer] = list;
        foreach (var identity in data.List("released"))
            _givenUpMs[Identity(customer, identity)] = entry.TimeMs;
    }

    private static string Identity(string customer, JsonElement identity) => $"{Chain(customer)}/identity/{identity.Number("kind")}-{identity.Text("index")}";

    private static string Customer(string identity, string customer) => $"{Chain(identity)}/customer/{customer}";

    private static string Chain(string stream) => stream[..stream.IndexOf('/', StringComparison.Ordinal)];
}
