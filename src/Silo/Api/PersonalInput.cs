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
        Read(api, new ChangeProfileRequest
        {
            Name = request.Name, Phone = request.Phone, Card = request.Card, ExternalId = request.ExternalId, Birthday = request.Birthday,
        });

    /// <summary>The fields that a change gives; null where it gives none or clears one.</summary>
    public static Outcome<PersonalData> Read(ApiServices api, ChangeProfileRequest change)
    {
        var (name, badName) = Field(change.Name, typed => InputRules.Text(typed.Trim(), "name", ApiLimits.NameMax) is { } wrong ? wrong : typed.Trim());
        if (badName is not null) return badName;
        var (phone, badPhone) = Field(change.Phone, typed => CustomerKeys.Normalise(api.Phones, IdentityKind.Phone, typed, "phone"));
        if (badPhone is not null) return badPhone;
        var (card, badCard) = Field(change.Card, typed => CustomerKeys.Normalise(api.Phones, IdentityKind.Card, typed, "card"));
        if (badCard is not null) return badCard;
        var (external, badExternal) = Field(change.ExternalId, typed => CustomerKeys.Normalise(api.Phones, IdentityKind.External, typed, "externalId"));
        if (badExternal is not null) return badExternal;
        var (birthday, badBirthday) = Field(change.Birthday, typed => BirthdayOf(typed, api.Now()));
        if (badBirthday is not null) return badBirthday;
        return new PersonalData { Name = name, Phone = phone, Card = card, ExternalId = external, Birthday = birthday };
    }

    /// <summary>A profile after a change whose fields were read: a field left out stays, an empty text clears.</summary>
    public static PersonalData Merge(PersonalData old, ChangeProfileRequest change, PersonalData given) => new()
    {
        Name = change.Name is null ? old.Name : given.Name,
        Phone = change.Phone is null ? old.Phone : given.Phone,
        Card = change.Card is null ? old.Card : given.Card,
        ExternalId = change.ExternalId is null ? old.ExternalId : given.ExternalId,
        Birthday = change.Birthday is null ? old.Birthday : given.Birthday,
    };

    /// <summary>What the customer can be known by.</summary>
    public static IReadOnlyList<(IdentityKind Kind, string Value)> IdentitiesOf(PersonalData data)
    {
        var identities = new List<(IdentityKind, string)>(3);
        if (data.Phone is not null) identities.Add((IdentityKind.Phone, data.Phone));
        if (data.Card is not null) identities.Add((IdentityKind.Card, data.Card));
        if (data.ExternalId is not null) identities.Add((IdentityKind.External, data.ExternalId));
        return identities;
    }

    private static Outcome<string?> Field(string? given, Func<string, Outcome<string>> read)
    {
        if (string.IsNullOrEmpty(given)) return new Outcome<string?>(null, null);
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
