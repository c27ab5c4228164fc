using System.Globalization;
using System.Text.Json;

namespace ChainCrm.Domain.Programmes;

/// <summary>
/// Reads one JSON object of a programme document and collects what is wrong, each with the path of its field. A field that was not
/// read when <see cref="End"/> is called is unknown, and refused by name.
/// </summary>
internal sealed class ProgrammeDocument
{
    private readonly Dictionary<string, JsonElement> _fields = new(StringComparer.Ordinal);
    private readonly string _path;
    private readonly List<Rejection> _errors;

    public ProgrammeDocument(JsonElement section, string path, List<Rejection> errors)
    {
        (_path, _errors) = (path, errors);
        foreach (var field in section.EnumerateObject())
        {
            if (!_fields.TryAdd(field.Name, field.Value)) Refuse(ProgrammeRejections.FieldTwice, field.Name);
        }
    }

    private ProgrammeDocument(string path, List<Rejection> errors) => (_path, _errors) = (path, errors);

    /// <summary>A section; an empty one when it is left out or of the wrong type.</summary>
    public ProgrammeDocument Section(string name)
    {
        if (!_fields.Remove(name, out var value)) return new ProgrammeDocument(PathOf(name), _errors);
        if (value.ValueKind == JsonValueKind.Object) return new ProgrammeDocument(value, PathOf(name), _errors);
        Refuse(ProgrammeRejections.WrongType, name);
        return new ProgrammeDocument(PathOf(name), _errors);
    }

    /// <summary>The field is there and was not read yet, whatever it holds.</summary>
    public bool Has(string name) => _fields.ContainsKey(name);

    /// <summary>The objects of a list that must be there; null when it is not a list.</summary>
    public IReadOnlyList<ProgrammeDocument>? List(string name, int min, int max, Rejection wrongLength)
    {
        if (!Take(name, JsonValueKind.Array, required: true, out var list)) return null;
        if (list.GetArrayLength() < min || list.GetArrayLength() > max)
        {
            Refuse(wrongLength, name);
            return null;
        }

        var sections = new List<ProgrammeDocument>();
        foreach (var item in list.EnumerateArray())
        {
            var path = $"{PathOf(name)}[{sections.Count}]";
            if (item.ValueKind == JsonValueKind.Object)
            {
                sections.Add(new ProgrammeDocument(item, path, _errors));
                continue;
            }

            _errors.Add(ProgrammeRejections.WrongType.At(path));
            return null;
        }

        return sections;
    }

    /// <summary>A text; it must be there, and fit.</summary>
    public string Text(string name, int max, Func<string, bool>? fits = null)
    {
        if (!Take(name, JsonValueKind.String, required: true, out var value)) return "";
        var text = value.GetString() ?? "";
        if (text.Length >= 1 && text.Length <= max && TextRules.IsClean(text) && (fits is null || fits(text))) return text;
        Refuse(ProgrammeRejections.TextInvalid, name);
        return "";
    }

    /// <summary>A text that may be left out or null.</summary>
    public string? TextOrNull(string name, int max, Func<string, bool> fits) => IsNothing(name) ? null : Text(name, max, fits);

    /// <summary>A list of texts, each of which must fit.</summary>
    public IReadOnlyList<string> Texts(string name, int min, int max, Func<string, bool> fits, Rejection wrong)
    {
        if (!Take(name, JsonValueKind.Array, required: true, out var list)) return [];
        if (list.GetArrayLength() < min || list.GetArrayLength() > max)
        {
            Refuse(ProgrammeRejections.ListLengthInvalid, name);
            return [];
        }

        var texts = new List<string>(list.GetArrayLength());
        foreach (var item in list.EnumerateArray())
        {
            var text = item.ValueKind == JsonValueKind.String ? item.GetString() : null;
            if (text is null) _errors.Add(ProgrammeRejections.WrongType.At($"{PathOf(name)}[{texts.Count}]"));
            else if (!fits(text)) _errors.Add(wrong.At($"{PathOf(name)}[{texts.Count}]"));
            texts.Add(text ?? "");
        }

        return texts;
    }

    /// <summary>One of some words; the first when left out.</summary>
    public string Choice(string name, params ReadOnlySpan<string> choices)
    {
        if (!Take(name, JsonValueKind.String, required: false, out var value)) return choices[0];
        var text = value.GetString() ?? "";
        if (choices.Contains(text)) return text;
        var allowed = string.Join(", ", choices.ToArray());
        Refuse(ProgrammeRejections.ChoiceUnknown with
        {
            English = $"{ProgrammeRejections.ChoiceUnknown.English} Allowed: {allowed}.",
            Chinese = $"{ProgrammeRejections.ChoiceUnknown.Chinese}可选值:{allowed}。",
        }, name);
        return choices[0];
    }

    /// <summary>A number with at most so many decimals, scaled to a whole one; the default when left out, unless there is none.</summary>
    public long Number(string name, long min, long max, long? whenLeftOut, int decimals = 0)
    {
        if (!Take(name, JsonValueKind.Number, required: whenLeftOut is null, out var value)) return whenLeftOut ?? min;
        var scale = 1m;
        for (var i = 0; i < decimals; i++) scale *= 10;
        if (value.TryGetDecimal(out var number) && number >= min / scale && number <= max / scale && decimal.IsInteger(number * scale))
            return (long)(number * scale);
        var (from, to) = ((min / scale).ToString(CultureInfo.InvariantCulture), (max / scale).ToString(CultureInfo.InvariantCulture));
        Refuse(ProgrammeRejections.NumberInvalid with
        {
            English = $"This number must be from {from} to {to} with at most {decimals} decimals.",
            Chinese = $"该数字应在 {from} 到 {to} 之间,最多 {decimals} 位小数。",
        }, name);
        return whenLeftOut ?? min;
    }

    /// <summary>A number that may be null; the default when left out.</summary>
    public long? NumberOrNull(string name, long min, long max, long? whenLeftOut)
    {
        if (!Has(name)) return whenLeftOut;
        return IsNothing(name) ? null : Number(name, min, max, min);
    }

    /// <summary>True or false; the default when left out, unless there is none.</summary>
    public bool Flag(string name, bool? whenLeftOut)
    {
        if (!_fields.Remove(name, out var value))
        {
            if (whenLeftOut is null) Refuse(ProgrammeRejections.FieldMissing, name);
            return whenLeftOut ?? false;
        }

        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False) return value.GetBoolean();
        Refuse(ProgrammeRejections.WrongType, name);
        return whenLeftOut ?? false;
    }

    /// <summary>A day, yyyy-MM-dd; the default when left out.</summary>
    public BusinessDay Day(string name, BusinessDay whenLeftOut)
    {
        if (!Take(name, JsonValueKind.String, required: false, out var value)) return whenLeftOut;
        if (DateOnly.TryParseExact(value.GetString(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
            && date.Year >= 1970)
            return BusinessDay.From(date);
        Refuse(ProgrammeRejections.DateInvalid, name);
        return whenLeftOut;
    }

    /// <summary>A day that may be left out or null.</summary>
    public BusinessDay? DayOrNull(string name) => IsNothing(name) ? null : Day(name, default);

    /// <summary>Nothing of this section is looked at any more.</summary>
    public void Ignore() => _fields.Clear();

    /// <summary>Refuses every field that nobody asked for.</summary>
    public void End()
    {
        foreach (var name in _fields.Keys) Refuse(ProgrammeRejections.UnknownField, name);
    }

    public void Refuse(Rejection rejection, string name) => _errors.Add(rejection.At(PathOf(name)));

    /// <summary>Refuses the section as a whole.</summary>
    public void Refuse(Rejection rejection) => _errors.Add(rejection.At(_path));

    /// <summary>Left out, or null, which is taken then.</summary>
    private bool IsNothing(string name)
    {
        if (!_fields.TryGetValue(name, out var value)) return true;
        if (value.ValueKind != JsonValueKind.Null) return false;
        _fields.Remove(name);
        return true;
    }

    private bool Take(string name, JsonValueKind kind, bool required, out JsonElement value)
    {
        if (!_fields.Remove(name, out value))
        {
            if (required) Refuse(ProgrammeRejections.FieldMissing, name);
            return false;
        }

        if (value.ValueKind == kind) return true;
        Refuse(ProgrammeRejections.WrongType, name);
        return false;
    }

    private string PathOf(string name) => _path.Length == 0 ? name : $"{_path}.{name}";
}
