(** Consequences of Theorem 4.1: balls that the student is in, labels, classes, mixtures, training;
    and the tactics for their claims. *)
From W2S Require Export Bridge.

(** ** The squared distance from a point to a ball *)
(** [far] and [near] are the squares of twice the distance to the centre and of the diameter. *)
Definition ball_floor (far near : R) : R := Rmax 0 (sqrt far - sqrt near) ^ 2 / 4.

Lemma ball_floor_zero far near : far <= near -> ball_floor far near = 0.
Proof. intro H. apply sqrt_le_1_alt in H. unfold ball_floor. rewrite Rmax_left by lra. field. Qed.
Lemma ball_floor_room far near : near <= far -> ball_floor far near = (sqrt far - sqrt near) ^ 2 / 4.
Proof. intro H. apply sqrt_le_1_alt in H. unfold ball_floor. now rewrite Rmax_right by lra. Qed.
Lemma ball_floor_pos far near : 0 <= near < far -> 0 < ball_floor far near.
Proof. intro H. rewrite ball_floor_room by lra. apply sqrt_lt_1_alt in H. nra. Qed.
Lemma ball_floor_mono f n f' n' : f <= f' -> n' <= n -> ball_floor f n <= ball_floor f' n'.
Proof.
  intros F N. apply sqrt_le_1_alt in F, N. unfold ball_floor.
  assert (Rmax 0 (sqrt f - sqrt n) <= Rmax 0 (sqrt f' - sqrt n')) by (apply Rle_max_compat_l; lra).
  pose proof (Rmax_l 0 (sqrt f - sqrt n)). nra.
Qed.
Lemma ball_floor_shrinkage L : 0 <= L <= 1 -> ball_floor (1 + 3 * L) (1 - L) = shrinkage_floor L.
Proof.
  intro H. rewrite ball_floor_room by lra. unfold shrinkage_floor. rewrite sqrt_mult by lra.
  pose proof (sqrt_sqrt (1 + 3 * L)). pose proof (sqrt_sqrt (1 - L)). nra.
Qed.

Section Balls.
Context {V : inner_space} (target fT fS : V).

Lemma ball_limit (c : V) far near :
  far <= sqnorm (vsub (vscale 2 target) c) -> sqnorm (vsub (vscale 2 fS) c) <= near ->
  ball_floor far near <= loss fS target.
Proof using.
  intros F N. apply Rle_trans with (1 := ball_floor_mono _ _ _ _ F N).
  set (a := vsub (vscale 2 target) c). set (b := vsub (vscale 2 fS) c).
  pose proof (triangle_reverse a b) as T. pose proof (sqnorm_pos (vsub fS target)).
  replace (sqnorm (vsub a b)) with (4 * loss fS target) in T by (unfold a, b; expand; ring).
  unfold ball_floor, vnorm, loss, Rmax in *. destruct (Rle_dec _ _); lra.
Qed.

(** [pretrained] Training from [f0]: the ball with diameter from there to [fT], widened. *)
Theorem pretrained (f0 : V) (eps : R) :
  - eps <= ip (vsub fS f0) (vsub fT fS) ->
  ball_floor (2 * loss fT target + 2 * loss f0 target - loss fT f0) (loss fT f0 + 4 * eps) <= loss fS target.
Proof using. intro G. apply (ball_limit (vadd fT f0)); revert G; expand; lra. Qed.

(** [thm-4.1-instance] No assumption on the teacher; Theorem 4.1's floor for short teachers. *)
Theorem thm_4_1_instance (eps : R) :
  sqnorm target = 1 -> - eps <= ip fS (vsub fT fS) ->
  ball_floor (2 + 2 * loss fT target - sqnorm fT) (sqnorm fT + 4 * eps) <= loss fS target /\
  (sqnorm fT <= 1 - loss fT target -> 0 <= loss fT target ->
   shrinkage_floor (loss fT target) <= ball_floor (2 + 2 * loss fT target - sqnorm fT) (sqnorm fT)).
Proof using.
  intros U G. split; [apply (ball_limit fT); revert U G; expand; lra |]. intros N L.
  pose proof (sqnorm_pos fT). rewrite <- ball_floor_shrinkage by lra. apply ball_floor_mono; lra.
Qed.
End Balls.

(** ** Gold labels *)
Definition gold_far (L q : R) : R := 1 - L + L * (1 + q) ^ 2.
Definition gold_near (L q : R) : R := 1 - L + L * (1 - q) ^ 2.
Definition gold_floor (L q : R) : R := ((sqrt (gold_far L q) - sqrt (gold_near L q)) / 2) ^ 2.

Section Gold.
Context (L q : R) (HL : 0 <= L <= 1) (Hq : 0 <= q <= 1).
Let A := gold_far L q.
Let B := gold_near L q.

Lemma gold_range : 0 < A /\ 0 <= B <= A.
Proof using HL Hq.
  assert (0 <= L * q) by (apply Rmult_le_pos; lra). assert (0 <= L * q * q) by (apply Rmult_le_pos; lra).
  assert (0 <= L * (1 - q) ^ 2) by (apply Rmult_le_pos; [lra | apply pow2_ge_0]).
  unfold A, B, gold_far, gold_near. splits; nra.
Qed.
Lemma gold_ball : gold_floor L q = ball_floor A B.
Proof using HL Hq.
  destruct gold_range. rewrite ball_floor_room by lra. unfold gold_floor, A, B. field.
Qed.
Lemma gold_parabola : q ^ 2 * (1 - q ^ 2 / 4) * L ^ 2 <= gold_floor L q.
Proof using HL Hq.
  destruct gold_range as [P Q]. pose proof (sqrt_sqrt A ltac:(lra)). pose proof (sqrt_sqrt B ltac:(lra)).
  set (c := q ^ 2 * (1 - q ^ 2 / 4)). set (p := 1 + q ^ 2 * L - 2 * c * L ^ 2).
  assert (0 <= q * L <= 1) by nra. assert (Y : 0 <= (q * L) ^ 2 <= 1) by nra.
  assert (0 <= q ^ 2 * L * (1 - L)) by (apply Rmult_le_pos; nra).
  assert (K : p = (1 - (q * L) ^ 2) + q ^ 2 * L * (1 - L) + q ^ 2 * (q * L) ^ 2 / 2) by (unfold p, c; field).
  assert (0 <= q ^ 2 * (q * L) ^ 2) by (apply Rmult_le_pos; nra). assert (N : 0 <= p) by lra.
  assert (S : sqrt A * sqrt B <= p).
  { rewrite <- sqrt_mult, <- (sqrt_square p N) by lra. apply sqrt_le_1_alt.
    assert (E : p * p - A * B = (L * (q ^ 2 - 2 * c * L)) ^ 2) by (unfold p, c, A, B, gold_far, gold_near; field).
    pose proof (pow2_ge_0 (L * (q ^ 2 - 2 * c * L))). lra. }
  unfold gold_floor. fold A B. assert (T : A + B = 2 + 2 * q ^ 2 * L) by (unfold A, B, gold_far, gold_near; ring).
  unfold p in S. nra.
Qed.
Lemma gold_share : q ^ 2 * shrinkage_floor L <= gold_floor L q.
Proof using HL Hq.
  destruct gold_range as [P Q]. rewrite <- ball_floor_shrinkage, ball_floor_room by lra.
  pose proof (sqrt_sqrt A ltac:(lra)). pose proof (sqrt_sqrt B ltac:(lra)).
  pose proof (sqrt_sqrt (1 + 3 * L) ltac:(lra)). pose proof (sqrt_sqrt (1 - L) ltac:(lra)).
  pose proof (sqrt_lt_R0 A P). pose proof (sqrt_pos B). pose proof (sqrt_pos (1 + 3 * L)).
  pose proof (sqrt_pos (1 - L)). assert (W : sqrt (1 - L) <= sqrt (1 + 3 * L)) by (apply sqrt_le_1_alt; lra).
  unfold gold_floor. fold A B. set (x := sqrt A) in *. set (y := sqrt B) in *.
  set (u := sqrt (1 + 3 * L)) in *. set (v := sqrt (1 - L)) in *.
  assert (U : 0 <= u * v) by (apply Rmult_le_pos; lra).
  assert (S : x * y <= L * (1 - q ^ 2) + u * v).
  { unfold x, y. rewrite <- sqrt_mult by lra. assert (0 <= L * (1 - q ^ 2)) by (apply Rmult_le_pos; nra).
    rewrite <- (sqrt_square (L * (1 - q ^ 2) + u * v)) by lra. apply sqrt_le_1_alt.
    assert (E : (u * v) * (u * v) = (1 + 3 * L) * (1 - L)) by (transitivity ((u * u) * (v * v)); [ring | congruence]).
    assert (0 <= (1 - q ^ 2) * L * (2 * (u * v) + 2 - 2 * L)) by (repeat apply Rmult_le_pos; nra).
    unfold A, B, gold_far, gold_near. nra. }
  assert (T : x + y <= u + v).
  { apply Rsqr_incr_0; [unfold Rsqr | lra | lra]. unfold A, B, gold_far, gold_near in *. nra. }
  assert (D : (x - y) * (x + y) = q * ((u - v) * (u + v))) by (unfold A, B, gold_far, gold_near in *; nra).
  assert (X : q * (u - v) <= x - y).
  { apply Rmult_le_reg_r with (x + y); [lra |]. rewrite D.
    assert (0 <= q * (u - v)) by (apply Rmult_le_pos; lra). nra. }
  assert (0 <= q * (u - v)) by (apply Rmult_le_pos; lra). nra.
Qed.
Lemma gold_touch (L0 := 2 / (4 - q ^ 2)) : gold_floor L0 q = q ^ 2 * (1 - q ^ 2 / 4) * L0 ^ 2.
Proof using Hq.
  assert (P : 0 < 4 - q ^ 2) by nra.
  assert (F : gold_far L0 q = (2 + q) / (2 - q)) by (unfold gold_far, L0; field; split; nra).
  assert (N : gold_near L0 q = (2 - q) / (2 + q)) by (unfold gold_near, L0; field; split; nra).
  unfold gold_floor. rewrite F, N.
  assert (0 < (2 + q) / (2 - q)) by (apply Rdiv_lt_0_compat; lra).
  assert (0 < (2 - q) / (2 + q)) by (apply Rdiv_lt_0_compat; lra).
  pose proof (sqrt_sqrt ((2 + q) / (2 - q)) ltac:(lra)) as X. pose proof (sqrt_sqrt ((2 - q) / (2 + q)) ltac:(lra)) as Y.
  assert (E : sqrt ((2 + q) / (2 - q)) * sqrt ((2 - q) / (2 + q)) = 1).
  { rewrite <- sqrt_mult by lra. rewrite <- sqrt_1. f_equal. field. lra. }
  revert X Y E. generalize (sqrt ((2 + q) / (2 - q))) (sqrt ((2 - q) / (2 + q))). intros x y X Y E.
  replace (((x - y) / 2) ^ 2) with ((x * x + y * y - 2 * (x * y)) / 4) by field. rewrite X, Y, E.
  unfold L0. field. repeat split; nra.
Qed.
End Gold.

(** [gold-labels] Labels [q fT + (1 - q) target]: the ball, the parabola, the share, the touch. *)
Theorem gold_labels {V : inner_space} (target fT fS : V) (q : R) :
  sqnorm target = 1 -> shrinkage_optimal target fT -> 0 <= q <= 1 ->
  0 <= ip fS (vsub (vadd (vscale q fT) (vscale (1 - q) target)) fS) ->
  gold_floor (loss fT target) q <= loss fS target.
Proof.
  intros U T Hq S. destruct (teacher_range target fT U T) as [HL N]. rewrite gold_ball by trivial.
  set (L := loss fT target) in *. assert (M : 0 <= q * (1 - L - sqnorm fT)) by (apply Rmult_le_pos; lra).
  apply (ball_limit target fS (vadd (vscale q fT) (vscale (1 - q) target)));
    revert U S M; unfold L, gold_far, gold_near; expand; intros U S M; rewrite ?U in *; nra.
Qed.

(** ** Convex classes *)
Section Classes.
Context {V : inner_space} (target fT fS : V).

(** [convex-class] If no point on the way from [fS] to [g] is nearer to [fT], the angle is obtuse. *)
Theorem convex_class (g : V) :
  (forall a, 0 <= a <= 1 -> 0 <= sqnorm (vsub (vsub fT fS) (vscale a (vsub g fS))) - sqnorm (vsub fT fS)) ->
  ip (vsub fT fS) (vsub g fS) <= 0.
Proof using.
  intro H. set (d := sqnorm (vsub g fS)). set (c := ip (vsub fT fS) (vsub g fS)).
  assert (Q : forall a, 0 <= a <= 1 -> 0 <= a * a * d - 2 * a * c).
  { intros a Ha. specialize (H a Ha). revert H. unfold d, c. expand. lra. }
  pose proof (sqnorm_pos (vsub g fS)) as D. fold d in D. apply Rnot_lt_le. intro C.
  assert (E : c / (c + d) * (c + d) = c) by (field; lra). set (a := c / (c + d)) in *.
  assert (0 < a) by nra. specialize (Q a ltac:(nra)). nra.
Qed.

Lemma gain : loss fT target - loss fS target = sqnorm (vsub fT fS) + 2 * ip (vsub fT fS) (vsub fS target).
Proof using. expand. ring. Qed.
Lemma gain_detour (g : V) : ip (vsub fT fS) (vsub g fS) <= 0 ->
  loss fS target <= loss fT target - sqnorm (vsub fT fS) + 2 * (vnorm (vsub fT fS) * vnorm (vsub target g)).
Proof using.
  intro H. pose proof (ip_le (vsub fT fS) (vsub target g)) as C. pose proof gain as G.
  assert (E : ip (vsub fT fS) (vsub fS target) = - ip (vsub fT fS) (vsub g fS) - ip (vsub fT fS) (vsub target g))
    by (expand; ring). lra.
Qed.
End Classes.

(** ** Mixtures, heads, filters, projections *)
(** [mixtures] The shrinkage of a mean of two, and its loss. *)
Theorem mixtures {V : inner_space} (label f1 f2 : V) (w : R) :
  let f := vadd (vscale w f1) (vscale (1 - w) f2) in
  ip f (vsub label f) = w * ip f1 (vsub label f1) + (1 - w) * ip f2 (vsub label f2) + w * (1 - w) * sqnorm (vsub f1 f2) /\
  loss f label = w * loss f1 label + (1 - w) * loss f2 label - w * (1 - w) * sqnorm (vsub f1 f2).
Proof. split; expand; ring. Qed.

(** [linear-head] A head at a stationary point with weight decay. *)
Theorem linear_head {V : inner_space} (features : nat -> V) (width : nat) (w : nat -> R) (fT : V) (decay : R)
  (fS := vsum w features width) :
  (forall i, (i < width)%nat -> ip (features i) (vsub fT fS) = decay * w i) ->
  ip fS (vsub fT fS) = decay * rsum (fun i => w i ^ 2) width.
Proof.
  intro H. unfold fS at 1. rewrite ip_vsum, <- rsum_scal. apply rsum_ext. intros i Hi. rewrite H by trivial. ring.
Qed.

(** [weak-validation] A filter that has grown, and does not overshoot, fits the teacher better. *)
Theorem weak_validation {V : inner_space} (e : nat -> V) (n : nat) (s later : nat -> R) (fT : V) :
  orthonormal e n -> (forall k, (k < n)%nat -> s k <= later k <= 1) ->
  sqnorm (vsub fT (spectral_filter e n later fT)) <= sqnorm (vsub fT (spectral_filter e n s fT)).
Proof.
  intros He H. assert (E : forall f : nat -> R, sqnorm (vsub fT (spectral_filter e n f fT))
    = sqnorm fT - rsum (fun k => (2 * f k - f k ^ 2) * ip (e k) fT ^ 2) n).
  { intro f. transitivity (sqnorm fT - 2 * ip (spectral_filter e n f fT) fT + sqnorm (spectral_filter e n f fT)).
    { expand. ring. }
    unfold sqnorm at 2, spectral_filter. rewrite ip_vsum_vsum, ip_vsum by exact He.
    rewrite <- rsum_scal. unfold Rminus. rewrite Rplus_assoc. f_equal.
    rewrite (rsum_ext (fun k => (2 * f k + - f k ^ 2) * ip (e k) fT ^ 2)
      (fun k => 2 * (f k * ip (e k) fT * ip (e k) fT) - f k * ip (e k) fT * (f k * ip (e k) fT))) by (intros; ring).
    rewrite rsum_minus. ring. }
  rewrite !E. apply Rplus_le_compat_l, Ropp_le_contravar, rsum_le. intros k Hk. specialize (H k Hk).
  apply Rmult_le_compat_r; [apply pow2_ge_0 | nra].
Qed.

Lemma projected_norm {V : inner_space} (P : V -> V) (x : V) : orthogonal_projection P -> sqnorm (P x) = ip (P x) x.
Proof. intro HP. apply HP. Qed.

Lemma sqnorm_opposite {V : inner_space} (P : V -> V) (x y : V) :
  orthogonal_projection P -> sqnorm (P (vsub x y)) = sqnorm (P (vsub y x)).
Proof.
  intro HP. assert (X : forall u v, ip (P u) v = ip u (P v)) by apply HP.
  rewrite !projected_norm by trivial. rewrite !ip_sub_r, !X, !ip_sub, <- !X. lra.
Qed.

(** [converged] The student's loss above the best one is the teacher's error that it can represent. *)
Theorem converged {V : inner_space} (P : V -> V) (target fT : V) :
  orthogonal_projection P ->
  loss (P fT) target - sqnorm (vsub target (P target)) = sqnorm (P (vsub fT target)) /\
  sqnorm (P (vsub fT target)) <= loss fT target.
Proof.
  intro HP. pose proof (projected_norm P (vsub fT target) HP) as Z. split.
  - assert (X : forall x y, ip (P x) y = ip x (P y)) by apply HP.
    pose proof (projected_norm P fT HP) as A. pose proof (projected_norm P target HP) as B.
    rewrite Z, X, ip_sub, <- (X fT (vsub fT target)), <- (X target (vsub fT target)).
    pose proof (X fT target) as C. revert A B C. expand.
    rewrite ?(ip_sym V (P fT)), ?(ip_sym V (P target)). lra.
  - rewrite Z. now apply projection_le.
Qed.

(** ** Performance gap recovered, and weak teachers *)
Section Ratios.
Context {V : inner_space} (target fT fS : V).
Hypothesis (unit_target : sqnorm target = 1) (teacher : shrinkage_optimal target fT).

(** [pgr-ceiling] With a ceiling [c] below the teacher's loss. *)
Theorem pgr_ceiling (c : R) :
  shrinkage_optimal fT fS -> 0 <= c < loss fT target ->
  (loss fT target - loss fS target) * / (loss fT target - c)
    <= (loss fT target - shrinkage_floor (loss fT target)) * / (loss fT target - c) /\
  (loss fT target - shrinkage_floor (loss fT target)) * / loss fT target <= 1 - 3 / 4 * loss fT target /\
  (loss fS target < c -> 1 < (loss fT target - loss fS target) * / (loss fT target - c)).
Proof using unit_target teacher.
  intros S Hc. destruct (thm_4_1 target fT fS unit_target teacher S) as [Q F].
  set (L := loss fT target) in *. assert (I : 0 < / (L - c)) by (apply Rinv_0_lt_compat; lra). splits.
  - apply Rmult_le_compat_r; lra.
  - apply Rmult_le_reg_r with L; [lra |]. rewrite Rmult_assoc, Rinv_l, Rmult_1_r by lra.
    unfold quadratic_floor in Q. lra.
  - intro H. apply Rmult_lt_reg_r with (L - c); [lra |]. rewrite Rmult_assoc, Rinv_l, Rmult_1_r by lra. lra.
Qed.

Lemma root_of_weak (e : R) : 0 <= e <= 1 -> sqrt (e * (4 - 3 * e)) <= 2 * sqrt e.
Proof using.
  intro H. rewrite <- (sqrt_square 2) by lra. rewrite <- sqrt_mult by lra. apply sqrt_le_1_alt. nra.
Qed.

(** [no-boost] In terms of [e = 1 - L_TE]; the last of a chain by Corollary 2. *)
Theorem no_boost (e := 1 - loss fT target) :
  shrinkage_optimal fT fS ->
  1 - loss fS target <= (e + sqrt (e * (4 - 3 * e))) / 2 /\ (e + sqrt (e * (4 - 3 * e))) / 2 <= sqrt e + e / 2.
Proof using unit_target teacher.
  intro S. destruct (thm_4_1 target fT fS unit_target teacher S) as [_ F].
  destruct (teacher_range target fT unit_target teacher) as [HL _].
  pose proof (root_of_weak e ltac:(unfold e; lra)). split; [| lra]. unfold shrinkage_floor in F.
  replace (e * (4 - 3 * e)) with ((1 + 3 * loss fT target) * (1 - loss fT target)) by (unfold e; ring).
  unfold e. lra.
Qed.
End Ratios.

(** ** The claims *)
Ltac balls := repeat match goal with |- context [1 / 4 * Rmax 0 (- sqrt ?n + sqrt ?f) ^ 2] =>
  replace (1 / 4 * Rmax 0 (- sqrt n + sqrt f) ^ 2) with (ball_floor f n)
    by (unfold ball_floor, Rminus; rewrite (Rplus_comm (- sqrt n)); field) end.
Ltac ball_ends := intro; first [apply ball_floor_zero; lra | apply Rlt_gt, ball_floor_pos; lra].
Ltac prove_thm_4_1_instance :=
  intros V target fT fS eps U G; balls; pose proof (sqnorm_pos fT); pose proof (sqnorm_pos (vsub fT target));
  assert (0 <= sqnorm fT + 4 * eps)
    by (pose proof (sqnorm_pos (vsub (vscale 2 fS) fT)) as E; revert E G; expand; lra);
  splits; [apply Rle_ge, (ball_limit target fS fT); revert U G; expand; lra | ball_ends | ball_ends |];
  intro; apply Rle_ge; apply Rle_trans with (shrinkage_floor (loss fT target));
  [settle | rewrite <- ball_floor_shrinkage by (unfold loss; lra); apply ball_floor_mono; unfold loss; lra].
Ltac prove_pretrained :=
  intros V target fT fS f0 eps G; balls;
  assert (0 <= sqnorm (vsub fT f0) + 4 * eps)
    by (pose proof (sqnorm_pos (vsub (vscale 2 fS) (vadd fT f0))) as E; revert E G; expand; lra);
  splits;
  [apply Rle_ge, (ball_limit target fS (vadd fT f0)); revert G; expand; lra | ball_ends | ball_ends].
Ltac prove_pgr_ceiling :=
  intros V target fT fS c U T S C pgr; unfold pgr;
  destruct (pgr_ceiling target fT fS U ltac:(shrinks) c ltac:(shrinks) ltac:(unfold loss; lra)) as (A & B & D);
  unfold loss, shrinkage_floor in *; roots; splits; [lra | lra | intros X; specialize (D X); lra].
Ltac prove_no_boost :=
  intros V target f n fT fS Hn m Hm U T e; splits;
  [ intros S; destruct (no_boost target fT fS U ltac:(shrinks) ltac:(shrinks)) as [A _]; unfold loss in A; fold e in A; lra
  | destruct (teacher_range target fT U ltac:(shrinks)); pose proof (root_of_weak e ltac:(unfold e, loss in *; lra)); lra
  | intros M; subst fT fS; assert (C : student_chain f n) by chain Hm;
    destruct (cor_2 target f n U ltac:(shrinks) C) as [_ F]; unfold bounded_floor, loss in F; fold e in F;
    destruct (teacher_range target (f O) U ltac:(shrinks));
    pose proof (sqrt_sqrt e ltac:(unfold e, loss in *; lra)); nra ].
Ltac prove_gold_labels :=
  intros V target fT fS q U T Q S touch; set (L := sqnorm (vsub fT target)) in *;
  assert (E : forall x, (1 / 2 * (- sqrt (x * (1 - q) ^ 2 - x + 1) + sqrt (x * (q + 1) ^ 2 - x + 1))) ^ 2 = gold_floor x q)
    by (intro; unfold gold_floor, gold_far, gold_near; roots; field);
  assert (D : forall x, (- (1 / 2 * sqrt (x * (1 - q) ^ 2 - x + 1)) + 1 / 2 * sqrt (x * (q + 1) ^ 2 - x + 1)) ^ 2 = gold_floor x q)
    by (intro; rewrite <- E; ring);
  rewrite !E, D; destruct (teacher_range target fT U ltac:(shrinks)) as [HL _]; change (loss fT target) with L in HL;
  splits;
  [ apply Rle_ge, gold_labels; [exact U | shrinks | lra | revert S; expand; lra]
  | apply Rle_ge, Rle_trans with (2 := gold_parabola L q HL ltac:(lra)); right; field
  | apply Rle_ge, Rle_trans with (2 := gold_share L q HL ltac:(lra)); right; unfold shrinkage_floor; roots; field
  | unfold touch; change (2 * / (4 - q ^ 2)) with (2 / (4 - q ^ 2)); rewrite gold_touch by lra; field; nra ].
Ltac prove_convex_class :=
  intros V target fT fS g k0 H0 k1 H1 k2 H2;
  assert (O : forall x k, (forall a, 0 <= a <= 1 ->
      k <= sqnorm (vsub (vsub fT fS) (vscale a (vsub x fS))) - sqnorm (vsub fT fS)) -> k >= 0 ->
    ip (vsub fT fS) (vsub x fS) <= 0) by
    (intros x k H K; apply convex_class; intros a Ha; specialize (H a Ha); lra);
  assert (Z : k0 >= 0 -> - sqnorm fS + ip fS fT >= 0) by
    (intros K; specialize (O vzero k0 H0 K); revert O; clear; expand; lra);
  pose proof (gain target fT fS) as G; unfold loss in G;
  assert (M : k1 >= 0 -> sqnorm (vsub fS target) <= sqnorm (vsub fT target) - sqnorm (vsub fT fS)) by
    (intros K; specialize (O target k1 H1 K);
     assert (ip (vsub fT fS) (vsub fS target) = - ip (vsub fT fS) (vsub target fS)) by (expand; ring); lra);
  splits;
  [ exact Z | exact M
  | intros (T & U & K1 & K0); specialize (Z K0); specialize (M K1);
    destruct (thm_4_1 target fT fS U ltac:(shrinks) ltac:(shrinks)) as [_ F]; unfold loss, shrinkage_floor in F; roots; lra
  | clear; expand; ring
  | intros K; pose proof (gain_detour target fT fS g (O g k2 H2 K)); unfold loss, vnorm in *; lra ].
Ltac prove_mixtures :=
  intros V target t1 t2 f1 f2 w fT fS Hw;
  destruct (mixtures fT f1 f2 w) as [A _]; destruct (mixtures target f1 f2 w) as [_ B];
  destruct (mixtures target t1 t2 w) as [C _];
  cbv zeta in A, B, C; unfold loss in B; change (vadd (vscale w f1) (vscale (1 - w) f2)) with fS in A, B;
  change (vadd (vscale w t1) (vscale (1 - w) t2)) with fT in C;
  rewrite ip_sub_r in A, C; change (ip fS fS) with (sqnorm fS) in A; change (ip fT fT) with (sqnorm fT) in C;
  pose proof (sqnorm_pos (vsub f1 f2)); pose proof (sqnorm_pos (vsub t1 t2));
  assert (D : 0 <= w * (1 - w)) by (apply Rmult_le_pos; lra);
  assert (S : ip f1 (vsub fT f1) >= 0 /\ ip f2 (vsub fT f2) >= 0 -> - sqnorm fS + ip fS fT >= 0) by (intros [X Y]; nra);
  splits;
  [ lra | lra | lra | exact S
  | intros (U & X1 & Y1 & X2 & Y2); assert (T : - sqnorm fT + ip fT target >= 0) by nra;
    specialize (S (conj X1 X2));
    destruct (thm_4_1 target fT fS U ltac:(shrinks) ltac:(shrinks)) as [_ F]; unfold loss, shrinkage_floor in F; roots; lra ].
Ltac prove_linear_head :=
  intros V features width w target fT decay fS r Hr -> D;
  assert (E : ip fS (vsub fT fS) = decay * rsum (fun i => w i ^ 2) width) by
    (apply linear_head; intros i Hi; specialize (Hr i Hi); change (vsum w features width) with fS;
     pose proof (Rabs_pos (decay * w i - ip (features i) (vsub fT fS)));
     assert (Z : decay * w i - ip (features i) (vsub fT fS) = 0) by (apply Rabs_eq_0; lra); lra);
  rewrite ip_sub_r in E; change (ip fS fS) with (sqnorm fS) in E;
  assert (P : 0 <= rsum (fun i => w i ^ 2) width) by (apply rsum_pos; intros; apply pow2_ge_0);
  assert (S : - sqnorm fS + ip fS fT >= 0) by nra;
  splits; [lra | exact S |]; intros (T & U);
  destruct (thm_4_1 target fT fS U ltac:(shrinks) ltac:(shrinks)) as [_ F]; unfold loss, shrinkage_floor in F; roots; lra.
Ltac prove_weak_validation :=
  intros V e size s later target fT x t t' fS fL He r Hr m Hm R0 M1; split;
  [ apply weak_validation; [exact He |]; intros k Hk; specialize (Hr k Hk); specialize (Hm k Hk); lra
  | intros [X T]; pose proof (exp_anti (x * t) (x * t') ltac:(nra)); lra ].
Ltac prove_converged :=
  intros V features width w target PT PS fS fT HT HS r Hr Z;
  assert (E : forall x, ip fS x = ip (PS fT) x) by
    (intros x; apply Rminus_diag_uniq; rewrite <- ip_sub; now apply null);
  destruct (converged PS target fT HS) as [A B]; unfold loss in *; rewrite (same_loss _ _ target E);
  splits; [exact A | | lra]; intros ->;
  assert (F := teacher_is_projection features width w target Hr PT HT);
  rewrite (same_projection PS _ (vsub (PT target) target) HS) by (intros x; rewrite !ip_sub; now rewrite F);
  apply sqnorm_opposite, HS.
