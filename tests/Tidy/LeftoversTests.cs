using System.Text.RegularExpressions;
using Shouldly;
using Xunit;

namespace ChainCrm.Tidy;

/// <summary>What must not stand in the repository.</summary>
public partial class LeftoversTests
{
    private static readonly string[] CodeEndings = [".cs", ".ts", ".vue", ".mjs", ".css", ".sh"];

    private static IEnumerable<string> Code => Repository.Files.Where(file => CodeEndings.Any(ending => file.EndsWith(ending, StringComparison.Ordinal)));

    private static IEnumerable<string> Documents => Repository.Files.Where(file => file.EndsWith(".md", StringComparison.Ordinal));

    [Fact]
    public void No_file_of_code_is_longer_than_400_lines() =>
        Code.Select(file => (File: file, Lines: Repository.Read(file).Count(character => character == '\n')))
            .Where(file => file.Lines > 400).Select(file => $"{file.File}: {file.Lines} lines").ShouldBeEmpty();

    [Fact]
    public void Nothing_is_left_half_done() => Found(Code.Concat(Documents), LeftOver());

    [Fact]
    public void No_code_waits_by_sleeping() => Found(Code.Where(file => file.EndsWith(".cs", StringComparison.Ordinal)), Sleeping());

    [Fact]
    public void Every_bound_stands_in_a_file_of_limits() =>
        Found(Code.Where(file => file.StartsWith("src/", StringComparison.Ordinal) && file.EndsWith(".cs", StringComparison.Ordinal)
            && !Path.GetFileName(file).Contains("Limits", StringComparison.Ordinal)), Bound());

    [Fact]
    public void No_file_names_a_place_of_one_machine() => Found(Repository.Files.Where(IsText), MachinePath());

    [Fact]
    public void No_warning_is_switched_off_without_its_reason_beside_it() =>
        Code.Where(file => !file.StartsWith("tests/Tidy/", StringComparison.Ordinal)).SelectMany(file => Repository.Read(file).Split('\n').Select((line, index) => (File: file, Line: line, Number: index + 1)))
            .Where(line => Suppression().IsMatch(line.Line) && !line.Line.Contains("//", StringComparison.Ordinal))
            .Select(line => $"{line.File}:{line.Number}").ShouldBeEmpty();

    [Fact]
    public void No_large_file_is_committed() =>
        Repository.Files.Select(file => (File: file, new FileInfo(Path.Combine(Repository.Root, file)).Length))
            .Where(file => file.Length > 1_000_000).Select(file => $"{file.File}: {file.Length} bytes").ShouldBeEmpty();

    [Fact]
    public void Every_link_between_documents_leads_somewhere() =>
        Documents.SelectMany(file => Link().Matches(Repository.Read(file)).Select(match => (File: file, Target: match.Groups[1].Value)))
            .Where(link => !link.Target.Contains("://", StringComparison.Ordinal))
            .Where(link => !Path.Exists(Path.Combine(Repository.Root, Path.GetDirectoryName(link.File)!, link.Target)))
            .Select(link => $"{link.File} -> {link.Target}").ShouldBeEmpty();

    [Fact]
    public void Every_document_has_one_title() =>
        Documents.Where(file => Title().Count(OutsideFences(Repository.Read(file))) != 1).ShouldBeEmpty();

    private static bool IsText(string file) => !file.EndsWith(".png", StringComparison.Ordinal) && !file.EndsWith(".ico", StringComparison.Ordinal);

    private static string OutsideFences(string text) => Fence().Replace(text, "");

    private static void Found(IEnumerable<string> files, Regex pattern) =>
        files.Where(file => !file.StartsWith("tests/Tidy/", StringComparison.Ordinal))
            .SelectMany(file => Repository.Read(file).Split('\n').Select((line, index) => (Line: line, Place: $"{file}:{index + 1}")))
            .Where(line => pattern.IsMatch(line.Line)).Select(line => $"{line.Place}: {line.Line.Trim()}").ShouldBeEmpty();

    [GeneratedRegex(@"\b(private|internal|public) (const|static readonly) \w+ \w*Max\b")]
    private static partial Regex Bound();

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|XXX)\b|NotImplementedException")]
    private static partial Regex LeftOver();

    [GeneratedRegex(@"Thread\.Sleep|SpinWait\.SpinUntil")]
    private static partial Regex Sleeping();

    [GeneratedRegex(@"(?<![\w.~$}""-])/(work|root|home)/")]
    private static partial Regex MachinePath();

    [GeneratedRegex(@"#pragma warning disable|SuppressMessage|eslint-disable|@ts-ignore|@ts-expect-error")]
    private static partial Regex Suppression();

    [GeneratedRegex(@"\]\((?!#)([^)#\s]+)[^)]*\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^# ", RegexOptions.Multiline)]
    private static partial Regex Title();

    [GeneratedRegex(@"^```.*?^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();
}
