using System.Text.Json;
using ChainCrm.Client.Wire;
using ChainCrm.Domain;
using ChainCrm.Domain.Customers;
using ChainCrm.Domain.Programmes;
using ChainCrm.Domain.Programmes.EarningRules;
using ChainCrm.Grains.Directories;
using ChainCrm.Silo.Access;
using ChainCrm.Silo.Problems;
using ChainCrm.Silo.Why;
using Microsoft.AspNetCore.Http;

namespace ChainCrm.Silo.Api;

/// <summary>POST /v1/programme/try: what an example basket earns under the running rules and under a draft. Changes nothing.</summary>
internal static class ProgrammeTryEndpoint
{
    public static async ValueTask<ApiReply> TryAsync(ApiServices api, HttpContext http, Caller caller)
    {
        var (request, wrong) = await BodyReader.ReadAsync(http, Wire.Json.ProgrammeTryRequest);
        if (request is null) return wrong!;
        if (request.Basket is not { } basket) return ApiRejections.MissingField.At("basket");
        var (store, badStore) = Callers.OptionalStoreOf(api, caller, basket.Store, "basket.store");
        if (badStore is not null) return badStore;
        if (basket.Lines is null) return ApiRejections.MissingField.At("basket.lines");
        var (lines, badLine) = Purchases.LinesOf(basket.Lines);
        if (lines is null) return InBasket(badLine!);
        if (PurchaseChecks.WrongLines(lines, out _) is { } wrongLines) return InBasket(wrongLines);
        if (InputRules.OptionalText(basket.Channel, "basket.channel", Limits.IdLengthMax) is { } badChannel) return badChannel;

        var running = api.Programme(caller.Chain);
        Programme? draft = null;
        IReadOnlyList<Rejection> errors = [];
        if (request.Document is { } document && document.ValueKind != JsonValueKind.Null)
        {
            var (text, bad) = ProgrammeEndpoints.TextOf(document);
            if (text is null) return bad!;
            (draft, errors) = ProgrammeEndpoints.Compile(text);
        }

        return ApiReply.Ok(
            new ProgrammeTryReply(
                errors.Count == 0, [.. errors.Take(ApiLimits.ProblemErrorsMax).Select(static error => ProblemMap.ToProblem(error))],
                ResultOf(api, caller, running, basket, store, lines), draft is null ? null : ResultOf(api, caller, draft, basket, store, lines)),
            Wire.Json.ProgrammeTryReply);
    }

    private static TryResult ResultOf(ApiServices api, Caller caller, Programme programme, TryBasket basket, StoreFacts? store, PurchaseLine[] lines)
    {
        var at = basket.OccurredAt is { } said ? new Timestamp(said.ToUnixTimeMilliseconds()) : api.Now();
        var (day, offset) = BusinessClock.At(programme, at);
        var report = EarningReport.Of(
            programme,
            new SaleFacts
            {
                Tier = basket.Tier is { } tier ? programme.TierOf(new TierId(tier)).Id : programme.Tiers[0].Id,
                Store = store?.Id ?? new StoreId("-"),
                Region = store?.Region,
                City = store?.City,
                Channel = basket.Channel,
                Day = day,
                LocalMinute = BusinessClock.LocalMinute(at, offset),
                CrossStore = basket.CrossStore,
            },
            lines);
        var sentences = new RuleSentences(new Names(api, caller.Chain, programme));
        return new TryResult
        {
            Version = programme.Version, AmountMinor = report.Amount.Minor, PointsEarned = report.All.Count, PointsBase = report.Base.Count, PointsBonus = report.Bonus.Count,
            Rules = [.. report.Rules.Select(outcome => TrialOf(outcome, sentences.Of(outcome), lines))],
        };
    }

    private static RuleTrial TrialOf(RuleOutcome outcome, Sentence sentence, PurchaseLine[] lines) => new()
    {
        Id = outcome.Rule.Id, Name = EntryReplies.NameOf(outcome.Rule)!, Outcome = RuleSentences.CodeOf(outcome.Verdict), Points = outcome.Points.Count,
        Withheld = outcome.Withheld.Count, Lines = [.. outcome.Lines.Select(place => lines[place].Line)], Zh = sentence.Zh, En = sentence.En,
    };

    private static Rejection InBasket(Rejection wrong) => wrong.At($"basket.{wrong.Field}");
}
