using System.Text.Json;
using ChainCrm.Journal;

namespace ChainCrm.Simulation;

/// <summary>
/// One customer's tier by arithmetic over the events' JSON alone, written from docs/domain/tiers.md: a tier ends when it is due and not before, its spend is what the days add up to, and what is
/// left is what the programme says.
/// </summary>
internal sealed class TierBook(Punctuality punctuality)
{
    private readonly Dictionary<long, long> _days = [];
    private readonly VisitBook _visits = new();
    private JournalEntry _entry = null!;
    private long _sinceMs;

    /// <summary>The tier; null before the customer is one.</summary>
    public string? Tier { get; private set; }

    /// <summary>The last day of the window that was last looked at, and the tier that the rules left then though it did not reach it; null when it did.</summary>
    private long _lookedAt;
    private string? _byRule;

    /// <summary>When it ends, and when it is looked at before; 0 for never.</summary>
    private long _until, _noticeAt;

    /// <summary>Tiers that ended and were kept or lost.</summary>
    public int Kept { get; private set; }

    public int Lost { get; private set; }

    public int Forecasts { get; private set; }

    /// <summary>When anything of it is due; 0 for never.</summary>
    public long NextDue => _noticeAt != 0 ? _noticeAt : _until;

    public void Begin(JournalEntry entry) => _entry = entry;

    public void Fold(string name, JsonElement data, TiersOfJournal terms, List<string> wrong)
    {
        switch (name)
        {
            case "customer.enrolled.1":
                Tier = data.Text("tier");
                break;
            case "customer.purchase-recorded.1":
                Spend(data.Number("businessDay"), data.Number("amount"));
                _visits.Purchased(data, terms, wrong);
                break;
            case "customer.lines-returned.1":
                Spend(data.Number("purchaseDay"), -data.Number("amount"));
                _visits.Returned(data, wrong);
                break;
            case "customer.tier-changed.1":
                Changed(data, terms, wrong);
                break;
            case "customer.tier-prolonged.1":
                Prolonged(data, terms, wrong);
                break;
            case "customer.tier-forecast.1":
                Forecast(data, terms, wrong);
                break;
            default:
                // Nothing of a tier.
                break;
        }
    }

    /// <summary>Nothing that is due is still there when everything had its time.</summary>
    public void CheckEnd(string stream) => punctuality.StillThere(stream, "its tier", NextDue);

    private void Spend(long day, long amount) => _days[day] = _days.GetValueOrDefault(day) + amount;

    private static Qualified HeldOf(JsonElement data) => new(data.Number("qualifyingSpend"), data.Number("qualifyingPoints"), data.Number("qualifyingVisits"));

    private long SpendOf(JsonElement data) => _days.Where(day => day.Key >= data.Number("windowFrom") && day.Key <= data.Number("windowTo")).Sum(day => day.Value);

    private void Changed(JsonElement data, TiersOfJournal terms, List<string> wrong)
    {
        if (data.Text("from") != Tier)
            wrong.Add($"the tier changes from {data.Text("from")}, and is {Tier}");
        var (to, reason, spend, held) = (data.Text("to")!, data.Text("reason"), data.Number("qualifyingSpend"), HeldOf(data));
        if (data.Number("windowTo") != 0)
            _visits.Check(data, terms, wrong);
        if (data.Number("windowTo") != 0 && spend != SpendOf(data))
            wrong.Add($"{spend} of {data.Number("windowFrom")} to {data.Number("windowTo")} carries {to}, its days add up to {SpendOf(data)}");
        if (reason == "spend-missed")
        {
            Lost++;
            Ended(data, wrong);
            if (to != terms.Left(Tier!, held))
                wrong.Add($"{Tier} ends with {held} and becomes {to}, {terms.Left(Tier!, held)} would be right");
            Looked(data, to, held, terms);
        }
        else
        {
            // What the rules left at the last look, no return takes.
            var right = reason == "spend-returned" && _byRule is { } floor ? terms.Higher(terms.For(held), floor) : terms.For(held);
            if (to != right)
                wrong.Add($"{held} reaches {to}, {right} would be right");
            if (data.Number("windowTo") is var ends and > 0 && ends < _lookedAt)
                wrong.Add($"{to} is carried by a window that ends at {ends}, and the tier was looked at with {_lookedAt}");
        }

        Tier = to;
        Term(data, terms, wrong);
    }

    private void Prolonged(JsonElement data, TiersOfJournal terms, List<string> wrong)
    {
        var (spend, held) = (data.Number("qualifyingSpend"), HeldOf(data));
        _visits.Check(data, terms, wrong);
        if (data.Text("tier") != Tier || spend != SpendOf(data))
            wrong.Add($"{data.Text("tier")} is held on with {spend}, the tier is {Tier} and the days add up to {SpendOf(data)}");
        if (data.Text("reason") == "spend-reached-again")
        {
            Kept++;
            Ended(data, wrong);
            if (terms.Left(Tier!, held) != Tier)
                wrong.Add($"{Tier} is kept with {held}, {terms.Left(Tier!, held)} would be right");
            Looked(data, Tier!, held, terms);
        }
        else if (_until != 0)
        {
            wrong.Add($"the time of {Tier} begins, and ended at {_until} before");
        }

        Term(data, terms, wrong);
    }

    private void Forecast(JsonElement data, TiersOfJournal terms, List<string> wrong)
    {
        Forecasts++;
        var held = HeldOf(data);
        var left = terms.Left(Tier!, held);
        var missing = left == Tier ? default : terms.Missing(Tier!, held);
        var said = new Qualified(data.Number("missing"), data.Number("missingPoints"), data.Number("missingVisits"));
        if (data.Text("tier") != Tier || data.Number("until") != _until || data.Text("wouldBe") != left || said != missing)
            wrong.Add($"{data.Text("tier")} until {data.Number("until")} would be {data.Text("wouldBe")} for want of {said}; it is {Tier} until {_until}, {left} and {missing} would be right");
        punctuality.TierDue(_entry, data.Number("at"), new BookedLot(1, _noticeAt, _sinceMs), wrong);
        _noticeAt = 0;
    }

    private void Looked(JsonElement data, string left, Qualified held, TiersOfJournal terms) =>
        (_lookedAt, _byRule) = (data.Number("windowTo"), terms.Higher(terms.For(held), left) == terms.For(held) ? null : left);

    private void Ended(JsonElement data, List<string> wrong) => punctuality.TierDue(_entry, data.Number("at"), new BookedLot(1, _until, _sinceMs), wrong);

    private void Term(JsonElement data, TiersOfJournal terms, List<string> wrong)
    {
        (_until, _noticeAt, _sinceMs) = (data.Number("until"), data.Number("noticeAt"), _entry.TimeMs);
        if (_until == 0 ? _noticeAt != 0 : _noticeAt > _until)
            wrong.Add($"{Tier} ends at {_until} and is looked at at {_noticeAt}");
        if (data.Text("reason") != "spend-returned" && (_until != 0) != terms.Ends(Tier!))
            wrong.Add($"{Tier} ends at {_until}, the programme says {(terms.Ends(Tier!) ? "that it ends" : "never")}");
    }
}
