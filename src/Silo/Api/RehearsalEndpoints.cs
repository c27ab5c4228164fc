using System.Text.Json;
using ChainCrm.Client.Wire;
using ChainCrm.Domain;
using ChainCrm.Domain.Programmes;
using ChainCrm.Grains.Rehearsals;
using ChainCrm.Silo.Access;
using ChainCrm.Silo.Problems;
using ChainCrm.Silo.Rehearsals;
using Microsoft.AspNetCore.Http;

namespace ChainCrm.Silo.Api;

/// <summary>Rehearsals of a draft on the chain's own history: begin, look, cancel.</summary>
internal static class RehearsalEndpoints
{
    /// <summary>POST /v1/programme/rehearsals.</summary>
    public static async ValueTask<ApiReply> BeginAsync(ApiServices api, HttpContext http, Caller caller)
    {
        var (request, wrong) = await BodyReader.ReadAsync(http, Wire.Json.RehearsalRequest);
        if (request is null) return wrong!;
        var days = request.Days ?? ApiLimits.RehearsalDaysDefault;
        if (days is < 1 or > ApiLimits.RehearsalDaysMax) return ApiRejections.NumberOutOfRange.At("days");
        Programme? draft = null;
        if (request.Document is { } document && document.ValueKind != JsonValueKind.Null)
        {
            var (text, bad) = ProgrammeEndpoints.TextOf(document);
            if (text is null) return bad!;
            (draft, var errors) = ProgrammeEndpoints.Compile(text);
            if (draft is null) return ApiReply.Refuse(ApiRejections.ProgrammeInvalid, errors);
        }

        var until = api.Now();
        var from = new Timestamp(until.UnixMs - (long)TimeSpan.FromDays(days).TotalMilliseconds);
        var members = (await api.ReadModels.TotalsAsync(caller.Chain)).Members;
        var running = api.Rehearsals.Begin(
            caller.Chain, draft is not null, (from, until), () => new Rehearsal(api.Journal, api.ReadModels, api.Directories, caller.Chain, draft, from, until));
        return running is null ? ApiRejections.RehearsalUnderWay : ApiReply.Ok(ViewOf(api, caller, running, members), Wire.Json.RehearsalView);
    }

    /// <summary>GET /v1/programme/rehearsals/{id}.</summary>
    public static async ValueTask<ApiReply> ShowAsync(ApiServices api, HttpContext http, Caller caller)
    {
        if (api.Rehearsals.Find(caller.Chain, Routes.Id(http)) is not { } running) return ApiRejections.NoSuchRehearsal.At("id");
        return ApiReply.Ok(ViewOf(api, caller, running, (await api.ReadModels.TotalsAsync(caller.Chain)).Members), Wire.Json.RehearsalView);
    }

    /// <summary>DELETE /v1/programme/rehearsals/{id}: ends one that runs.</summary>
    public static async ValueTask<ApiReply> CancelAsync(ApiServices api, HttpContext http, Caller caller)
    {
        if (api.Rehearsals.Find(caller.Chain, Routes.Id(http)) is not { } running) return ApiRejections.NoSuchRehearsal.At("id");
        running.Cancel();
        return ApiReply.Ok(ViewOf(api, caller, running, (await api.ReadModels.TotalsAsync(caller.Chain)).Members), Wire.Json.RehearsalView);
    }

    private static RehearsalView ViewOf(ApiServices api, Caller caller, RehearsalDesk.Running running, long members)
    {
        var programme = api.Programme(caller.Chain);
        return running.Rehearsal.Read(totals => new RehearsalView
        {
            Id = running.Id,
            State = running.State switch
            {
                RehearsalState.Running => "running", RehearsalState.Done => "done", RehearsalState.Cancelled => "cancelled", _ => "failed",
            },
            HasDraft = running.HasDraft,
            From = MemberCards.TimeOf(running.Window.From),
            Until = MemberCards.TimeOf(running.Window.Until),
            Done = running.Rehearsal.Done,
            Of = Math.Max(members, running.Rehearsal.Done),
            Seconds = Math.Round(running.Took.TotalSeconds, 1),
            Customers = totals.Customers,
            Gain = totals.Gain,
            Lose = totals.Lose,
            BookedPoints = totals.BookedPoints,
            LivedPoints = totals.LivedPoints,
            CostMinor = WorthOf(totals.LivedPoints - totals.BookedPoints, programme),
            BookedBalance = totals.BookedBalance,
            LivedBalance = totals.LivedBalance,
            LiabilityMinor = WorthOf(totals.LivedBalance - totals.BookedBalance, programme),
            HigherTier = totals.HigherTier,
            LowerTier = totals.LowerTier,
            Refused = totals.Refused,
            Different = totals.Different,
            Stores = LinesOf(totals.Stores, id => api.Directories.Store(caller.Chain, new StoreId(id)) is { } store ? new LocalName(store.Name, store.Name) : null),
            Rules = LinesOf(totals.Rules, id => EntryReplies.NameOf(running.Rehearsal.Rules.Earning.Find(id))),
            Tiers = LinesOf(totals.Tiers, id => programme.RankOf(new TierId(id)) >= 0 ? EntryReplies.NameOf(programme.TierOf(new TierId(id))) : null),
            Most = [.. totals.Most.Select(static gain => new RehearsalGain(gain.Customer.Value, gain.Points))],
        });
    }

    /// <summary>What points are worth; as much as a number on the wire can hold, where a draft gives points beyond all measure.</summary>
    private static long WorthOf(long points, Programme programme) => (long)Int128.Clamp((Int128)points * programme.PointValue.Minor, long.MinValue, long.MaxValue);

    private static List<RehearsalLine> LinesOf(IReadOnlyDictionary<string, RehearsalSum> sums, Func<string, LocalName?> nameOf) =>
        [.. sums.OrderByDescending(static sum => Math.Abs(sum.Value.LivedPoints - sum.Value.BookedPoints)).ThenBy(static sum => sum.Key, StringComparer.Ordinal)
            .Select(sum => new RehearsalLine(sum.Key, nameOf(sum.Key), sum.Value.Sales, sum.Value.BookedPoints, sum.Value.LivedPoints, sum.Value.Withheld))];
}
