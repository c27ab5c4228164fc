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
    private const long DayMs = 86_400_000;

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
        var coupons = request.Coupons ?? [];
        if (coupons.Count > Limits.CouponsPerReceiptMax) return CustomerRejections.CouponsInvalid.At("coupons");
        for (var i = 0; i < coupons.Count; i++)
            if (InputRules.Text(coupons[i], $"coupons[{i}]", Limits.RuleIdLengthMax) is { } badCoupon) return badCoupon;
        if (basket.Tags is { Count: > Limits.TagsPerCustomerMax }) return CustomerRejections.TooManyTags.At("basket.tags");
        for (var i = 0; i < (basket.Tags?.Count ?? 0); i++)
            if (InputRules.Text(basket.Tags![i], $"basket.tags[{i}]", Limits.RuleIdLengthMax) is { } badTag) return badTag;
        if (InputRules.OptionalText(basket.Channel, "basket.channel", Limits.IdLengthMax) is { } badChannel) return badChannel;

        var at = basket.OccurredAt is { } said ? new Timestamp(said.ToUnixTimeMilliseconds()) : api.Now();
        if (at.UnixMs - api.Now().UnixMs > ApiLimits.QuoteAheadDaysMax * DayMs) return ApiRejections.QuoteTooFarAhead.At("basket.occurredAt");

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
                ResultOf(api, caller, running, basket, at, store, lines, coupons), draft is null ? null : ResultOf(api, caller, draft, basket, at, store, lines, coupons)),
            Wire.Json.ProgrammeTryReply);
    }

    private static TryResult ResultOf(ApiServices api, Caller caller, Programme programme, TryBasket basket, Timestamp at, StoreFacts? store, PurchaseLine[] lines, IReadOnlyList<string> coupons)
    {
        var (day, offset) = BusinessClock.At(programme, at);
        var trial = BasketTrial.Of(
            programme,
            new SaleFacts
            {
                Tier = basket.Tier is { } tier ? programme.TierOf(new TierId(tier)).Id : programme.Tiers[0].Id,
                Store = store?.Id ?? new StoreId("-"),
                Region = store?.Region,
                City = store?.City,
                Channel = basket.Channel,
                Tags = basket.Tags,
                Day = day,
                LocalMinute = BusinessClock.LocalMinute(at, offset),
                CrossStore = basket.CrossStore,
            },
            lines, coupons, basket.MemberPrices, at, offset);
        var (report, trials) = (trial.Report, trial.Coupons);
        var sentences = new RuleSentences(new Names(api, caller.Chain, programme));
        return new TryResult
        {
            Version = programme.Version, AmountMinor = report.Amount.Minor, PointsEarned = report.All.Count, PointsBase = report.Base.Count, PointsBonus = report.Bonus.Count,
            Rules = [.. report.Rules.Select(outcome => TrialOf(outcome, sentences.Of(outcome), lines))],
            Coupons = trials.Count == 0 ? null : [.. trials.Select((coupon, place) => TrialOf(coupon, place + 1, lines))],
            MemberPrices = trial.MemberPrices.Count == 0 ? null : [.. trial.MemberPrices.Select(use => PriceOf(use, programme, lines))],
            NotOnSale = trial.NotOnSale.Count == 0 ? null : trial.NotOnSale,
        };
    }

    private static RuleTrial TrialOf(RuleOutcome outcome, Sentence sentence, PurchaseLine[] lines) => new()
    {
        Id = outcome.Rule.Id, Name = EntryReplies.NameOf(outcome.Rule)!, Outcome = RuleSentences.CodeOf(outcome.Verdict), Points = outcome.Points.Count,
        Withheld = outcome.Withheld.Count, Lines = [.. outcome.Lines.Select(place => lines[place].Line)], Zh = sentence.Zh, En = sentence.En,
    };

    private static CouponTrialView TrialOf(CouponTrial trial, int place, PurchaseLine[] lines) => new(
        trial.Kind, trial.Known is { } kind ? new LocalName(kind.NameZh, kind.NameEn) : null, trial.Discount.Minor,
        [.. trial.Lines.Select((off, line) => new LineDiscount(lines[line].Line, off.Minor)).Where(static off => off.DiscountMinor > 0)], trial.Missing.Minor)
    {
        Why = trial.Why is { } why ? CouponViews.SkippedOf(new SkippedCoupon(place, why.Code)) : null,
    };

    private static MemberPriceView PriceOf(MemberPriceUse use, Programme programme, PurchaseLine[] lines)
    {
        var line = lines.First(line => line.Line == use.Line);
        return new MemberPriceView(use.Line, use.Price, programme.MemberPrices.Find(use.Price) is { } price ? new LocalName(price.NameZh, price.NameEn) : null, use.Off.Minor, (line.Price - line.Discount - use.Off).Minor);
    }

    private static Rejection InBasket(Rejection wrong) => wrong.At($"basket.{wrong.Field}");
}
