# A formula for a tap. `url` and `sha256` are those of a release's archive: see packaging/README.md.
class Flowscope < Formula
  desc "Flow matching, live in a terminal"
  homepage "https://github.com/flowscope/flowscope"
  url "https://github.com/flowscope/flowscope/archive/refs/tags/0.1.0.tar.gz"
  sha256 "0000000000000000000000000000000000000000000000000000000000000000"
  license "MIT"
  head "https://github.com/flowscope/flowscope.git", branch: "main"

  depends_on xcode: ["16.3", :build] if OS.mac?
  depends_on macos: :sequoia
  depends_on "swift" => :build if OS.linux?
  depends_on "ncurses" if OS.linux?

  def install
    args = OS.mac? ? ["--disable-sandbox"] : ["--static-swift-stdlib"]
    system "swift", "build", "-c", "release", "--product", "flowscope", *args
    bin.install ".build/release/flowscope"
    generate_completions_from_executable(bin/"flowscope", "--generate-completion-script")
    (buildpath/"flowscope.1").write Utils.safe_popen_read(".ci/manual-page", bin/"flowscope")
    man1.install "flowscope.1"
  end

  test do
    assert_match version.to_s, shell_output("#{bin}/flowscope --version")
    result = shell_output("#{bin}/flowscope train --steps 20 --seed 7 --quiet --json")
    assert_equal 20, JSON.parse(result)["steps"]
  end
end
