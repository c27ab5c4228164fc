using System.Globalization;
using ChainCrm.Client.Wire;
using ChainCrm.Domain;
using ChainCrm.Domain.Identities;
using ChainCrm.Grains.Personal;
using ChainCrm.Silo.Problems;

namespace ChainCrm.Silo.Api;

/// <summary>Personal fields of a request: checked and brought to their kept form.</summary>
internal static class PersonalInput
{
    /// <summary>The fields of an enrolment.</summary>
    public static Outcome<PersonalData> Of(ApiServices api, EnrolRequest request) =>
        Merge(api, new PersonalData(), new ChangeProfileRequest
        {
            Name = request.Name, Phone = request.Phone, Card = request.Card, ExternalId = request.ExternalId, Birthday = request.Birthday,
        });

    /// <summary>A profile after a change: a field left out stays, an empty text clears.</summary>
    public static Outcome<PersonalData> Merge(ApiServices api, PersonalData old, ChangeProfileRequest change)
    {
        var (name, badName) = Field(old.Name, change.Name, typed => InputRules.Text(typed.Trim(), "name", ApiLimits.NameMax) is { } wrong ? wrong : typed.Trim());
        if (badName is not null) return badName;
        var (phone, badPhone) = Field(old.Phone, change.Phone, typed => CustomerKeys.Normalise(api.Phones, IdentityKind.Phone, typed, "phone"));
        if (badPhone is not null) return badPhone;
        var (card, badCard) = Field(old.Card, change.Card, typed => CustomerKeys.Normalise(api.Phones, IdentityKind.Card, typed, "card"));
        if (badCard is not null) return badCard;
        var (external, badExternal) = Field(old.ExternalId, change.ExternalId, typed => CustomerKeys.Normalise(api.Phones, IdentityKind.External, typed, "externalId"));
        if (badExternal is not null) return badExternal;
        var (birthday, badBirthday) = Field(old.Birthday, change.Birthday, typed => BirthdayOf(typed, api.Now()));
        if (badBirthday is not null) return badBirthday;
        return new PersonalData { Name = name, Phone = phone, Card = card, ExternalId = external, Birthday = birthday };
    }

    /// <summary>What the customer can be known by.</summary>
    public static IReadOnlyList<(IdentityKind Kind, string Value)> IdentitiesOf(PersonalData data)
    {
        var identities = new List<(IdentityKind, string)>(3);
        if (data.Phone is not null) identities.Add((IdentityKind.Phone, data.Phone));
        if (data.Card is not null) identities.Add((IdentityKind.Card, data.Card));
        if (data.ExternalId is not null) identities.Add((IdentityKind.External, data.ExternalId));
        return identities;
    }

    private static Outcome<string?> Field(string? old, string? given, Func<string, Outcome<string>> read)
    {
        if (given is null) return new Outcome<string?>(old, null);
        if (given.Length == 0) return new Outcome<string?>(null, null);
        var (value, wrong) = read(given);
        return new Outcome<string?>(value, wrong);
    }

    private static Outcome<string> BirthdayOf(string typed, Timestamp now)
    {
        // A leap year stands in when the year is not given, so that --02-29 passes.
        var whole = typed.StartsWith("--", StringComparison.Ordinal) ? "2000" + typed[1..] : typed;
        if (!DateOnly.TryParseExact(whole, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)) return ApiRejections.BirthdayInvalid.At("birthday");
        var today = DateOnly.FromDateTime(DateTimeOffset.FromUnixTimeMilliseconds(now.UnixMs).UtcDateTime).AddDays(1);
        return date.Year < OldestYear || date > today ? ApiRejections.BirthdayInvalid.At("birthday") : typed;
    }

    private const int OldestYear = 1880;
}
