using System.Text.Json.Nodes;
using ChainCrm.Domain.Programmes;
using ChainCrm.TestKit.Domain;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;

namespace ChainCrm.Domain.Tests.Programmes;

/// <summary>Whatever somebody writes into the rules, it is a programme, or refusals that say where.</summary>
public class EarningRuleFuzzTests
{
    private static readonly JsonNode?[] Values =
    [
        null, 0, -1, 1, 0.5, 1e300, 99_999_999_999_999, true, false, "", "a", "gold", "mon", "12:00", "2024-01-01", "2024-13-01", "\0", new string('x', 300),
        new JsonArray(), new JsonObject(), new JsonArray("a"), new JsonArray(1, null), new JsonArray(new JsonObject()), new JsonObject { ["fact"] = "tier" },
        new JsonObject { ["all"] = new JsonArray() }, new JsonObject { ["kind"] = "fixed" }, new JsonObject { ["per"] = "day" },
    ];

    private static void ForAnyDocument(int tests, Action<JsonNode, int[]> holds) =>
        Prop.ForAll(ArbMap.Default.ArbFor<int[]>(), numbers => holds(JsonNode.Parse(DomainProgrammes.WithRules(RandomRules.Of(numbers.Length + numbers.FirstOrDefault())).Document)!, numbers))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(tests).WithEndSize(30));

    private static void IsProgrammeOrRefusals(string document)
    {
        var (programme, errors) = Programme.Compile(document, 1);
        (programme is null).ShouldBe(errors.Count > 0);
        foreach (var error in errors)
        {
            if (error.Code is 400 or 401) continue;
            error.Field.ShouldNotBeNullOrEmpty($"{error.Name} in {document}");
        }
    }

    [Fact]
    public void Any_value_in_any_place() => ForAnyDocument(800, (document, numbers) =>
    {
        foreach (var number in numbers)
        {
            Change(document, number & int.MaxValue);
            IsProgrammeOrRefusals(document.ToJsonString());
        }
    });

    [Fact]
    public void Any_character_in_any_place() => ForAnyDocument(800, (document, numbers) =>
    {
        var text = document["earning"]!.ToJsonString(new System.Text.Json.JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        document.AsObject().Remove("earning");
        var head = document.ToJsonString()[..^1];
        foreach (var number in numbers)
        {
            var (at, with) = ((number & int.MaxValue) % text.Length, "{}[]\",:0a-\\\ud800 "[(number & 0xFF) % 13]);
            text = (number % 3) switch { 0 => text.Remove(at, 1), 1 => text.Insert(at, $"{with}"), _ => text.Remove(at, 1).Insert(at, $"{with}") };
            if (text.Length == 0) return;
            IsProgrammeOrRefusals($"{head},\"earning\":{text}}}");
        }
    });

    // Walks down by the digits of the number, and there replaces, removes or adds.
    private static void Change(JsonNode document, int number)
    {
        var node = document["earning"] ?? document;
        for (var depth = 0; depth < 9; depth++)
        {
            var step = number % 7;
            number = (number / 7) + depth;
            switch (node)
            {
                case JsonObject section when section.Count > 0:
                    var name = section.ElementAt(step % section.Count).Key;
                    if (section[name] is { } below and (JsonObject or JsonArray) && step != 6) node = below;
                    else
                    {
                        if (number % 5 == 0) section.Remove(name);
                        else if (number % 5 == 1) section["extra"] = 1;
                        else section[name] = Values[number % Values.Length]?.DeepClone();
                        return;
                    }

                    break;
                case JsonArray list when list.Count > 0:
                    if (list[step % list.Count] is { } item and (JsonObject or JsonArray) && step != 6) node = item;
                    else
                    {
                        list[step % list.Count] = Values[number % Values.Length]?.DeepClone();
                        return;
                    }

                    break;
                default:
                    return;
            }
        }
    }
}
